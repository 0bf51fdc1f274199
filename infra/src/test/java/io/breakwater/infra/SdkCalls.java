package io.breakwater.infra;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import io.breakwater.function.Rehearsal;
import io.breakwater.job.DynamoDbJobStore;
import io.breakwater.topology.FunctionSpec;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The requests to AWS that a function's code can come to make, read from its byte code: from the constructor that Lambda
 * calls, by what is called from there, and so on.
 *
 * <p>What is passed around is not lost: a lambda or a method reference counts as called where it is made, a call of an
 * interface is one of every class that implements it, and what a class overrides of the JDK's or a library's is called when
 * there is an object of it. Too much is found where one method serves several callers: it is followed as a whole.
 *
 * <p>Of a {@link Rehearsal} the function's part is followed, with the one read from AWS, but not the class itself, which
 * prepares what is asked of nobody.
 */
final class SdkCalls {
    private static final String OURS = "io.breakwater.";
    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("io.breakwater");

    private static final String SDK_SERVICES = "software.amazon.awssdk.services.";

    /** What the clients are called on, and the service's name in a policy. */
    private static final Map<String, String> CLIENTS = Map.of(
            "dynamodb.DynamoDbClient", "Endpoints dynamodb:",
            "s3.S3Client", "Results s3:",
            "s3.presigner.S3Presigner", "Results s3:",
            "sqs.SqsClient", "QueueJobs sqs:",
            "bedrockruntime.BedrockRuntimeClient", "Models bedrock:");

    /** The one class that knows the jobs table; every other item is in the endpoints table. */
    private static final String JOBS_ONLY = DynamoDbJobStore.class.getName();

    private static final String JOBS = "Jobs dynamodb:";

    /** Methods that make no request. */
    private static final Set<String> LOCAL = Set.of("builder", "close");

    /** Actions that are not named as the method is. */
    private static final Map<String, String> ACTIONS = Map.of(
            "getObjectAsBytes", "GetObject",
            // S3 asks whether who signed a URL may do what it is for.
            "presignGetObject", "GetObject",
            // Converse has no action of its own.
            "converse", "InvokeModel");

    private final Set<JavaCodeUnit> reached = new HashSet<>();
    private final Deque<JavaCodeUnit> waiting = new ArrayDeque<>();
    private final Set<String> found = new TreeSet<>();

    private SdkCalls() {}

    static SdkCalls of(FunctionSpec function) {
        SdkCalls calls = new SdkCalls();
        calls.reach(CLASSES.get(function.handler()).getConstructor());
        while (!calls.waiting.isEmpty()) {
            calls.follow(calls.waiting.remove());
        }
        return calls;
    }

    /** Each as {@code Jobs dynamodb:GetItem}. */
    Set<String> permissions() {
        return new TreeSet<>(found);
    }

    /** The simple names of the classes of this type of which there can be objects. */
    Set<String> made(Class<?> type) {
        return reached.stream()
                .filter(unit ->
                        unit instanceof JavaConstructor && unit.getOwner().isAssignableTo(type))
                .map(unit -> unit.getOwner().getSimpleName())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void reach(JavaCodeUnit unit) {
        if (reached.add(unit)) {
            waiting.add(unit);
        }
    }

    private void follow(JavaCodeUnit unit) {
        JavaClass owner = unit.getOwner();
        owner.getStaticInitializer().ifPresent(this::reach);
        if (unit instanceof JavaConstructor) {
            calledByOthers(owner).forEach(this::reach);
        }
        unit.getCallsFromSelf().forEach(this::follow);
        unit.getCodeUnitReferencesFromSelf().forEach(this::follow);
    }

    private void follow(JavaCodeUnitAccess<?> call) {
        JavaClass owner = call.getTargetOwner();
        if (isClient(owner)) {
            request(call);
        } else if (owner.getName().startsWith(OURS) && !owner.isEquivalentTo(Rehearsal.class)) {
            called(call.getTarget()).forEach(this::reach);
        }
    }

    private static boolean isClient(JavaClass type) {
        return type.getName().startsWith(SDK_SERVICES) && type.getSimpleName().matches(".*(Client|Presigner|Waiter)");
    }

    private void request(JavaCodeUnitAccess<?> call) {
        String method = call.getTarget().getName();
        String type = call.getTargetOwner().getName().substring(SDK_SERVICES.length());
        String client = CLIENTS.get(type);
        if (client == null) {
            throw new IllegalStateException(type + " is called, of which is not known here what it is called on");
        }
        if (!LOCAL.contains(method)) {
            boolean jobs = call.getOriginOwner().getName().startsWith(JOBS_ONLY);
            found.add((jobs ? JOBS : client) + ACTIONS.getOrDefault(method, capitalised(method)));
        }
    }

    private static Stream<? extends JavaCodeUnit> called(CodeUnitAccessTarget target) {
        Stream<? extends JavaCodeUnit> itself = target.resolveMember().stream();
        return target.getName().equals(JavaConstructor.CONSTRUCTOR_NAME)
                ? itself
                : Stream.concat(
                        itself,
                        target.getOwner().getAllSubclasses().stream()
                                .flatMap(type -> type.getMethods().stream())
                                .filter(method -> isSame(method, target.getName(), target.getRawParameterTypes())));
    }

    /** What the class implements for those who do not know it. */
    private static Stream<? extends JavaCodeUnit> calledByOthers(JavaClass type) {
        return Stream.of(type.getAllRawSuperclasses(), type.getAllRawInterfaces())
                .flatMap(Collection::stream)
                .filter(general -> !general.getName().startsWith(OURS))
                .flatMap(general -> general.getMethods().stream())
                .flatMap(general -> type.getMethods().stream()
                        .filter(method -> isSame(method, general.getName(), general.getRawParameterTypes())));
    }

    /** Without a look at the parameters' types, which generic ones hide. */
    private static boolean isSame(JavaCodeUnit method, String name, Collection<JavaClass> parameters) {
        return method.getName().equals(name) && method.getRawParameterTypes().size() == parameters.size();
    }

    private static String capitalised(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }
}
