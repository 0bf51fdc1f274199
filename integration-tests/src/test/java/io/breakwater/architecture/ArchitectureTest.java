package io.breakwater.architecture;

import static com.tngtech.archunit.lang.conditions.ArchConditions.accessTargetWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.ConstructorCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.security.SecureRandom;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.NullMarked;

@AnalyzeClasses(packages = "io.breakwater", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    /** Where a process is put together: the only places that may reach for the clock, randomness and environment. */
    private static final Set<String> COMPOSITION_ROOTS = Set.of(
            "io.breakwater.function.Services",
            "io.breakwater.function.WorkerServices",
            "io.breakwater.function.log.JsonLogProvider",
            "io.breakwater.function.deadletter.DeadLetterFunction",
            "io.breakwater.function.request.RequestFunction",
            "io.breakwater.function.sweeper.SweeperFunction",
            "io.breakwater.function.worker.WorkerFunction",
            "io.breakwater.local.DeadLetters",
            "io.breakwater.local.LocalPipeline",
            "io.breakwater.local.Main",
            "io.breakwater.local.PackagedFunctions",
            "io.breakwater.local.Workers");

    private static final Set<String> AMBIENT = Set.of(
            "java.lang.Math.random",
            "java.lang.System.currentTimeMillis",
            "java.lang.System.getenv",
            "java.lang.System.nanoTime",
            "java.lang.Thread.sleep",
            "java.time.Clock.systemDefaultZone",
            "java.time.Clock.systemUTC",
            "java.time.InstantSource.system",
            "java.time.Instant.now",
            "java.time.LocalDate.now",
            "java.time.LocalDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.util.UUID.randomUUID",
            "java.util.concurrent.ThreadLocalRandom.current",
            "java.util.random.RandomGenerator.getDefault",
            "java.util.random.RandomGenerator.of");

    private static final String[] DOMAIN = {
        "io.breakwater.admission..",
        "io.breakwater.breaker..",
        "io.breakwater.config..",
        "io.breakwater.health..",
        "io.breakwater.job..",
        "io.breakwater.json..",
        "io.breakwater.model..",
        "io.breakwater.pacing..",
        "io.breakwater.result..",
        "io.breakwater.routing..",
        "io.breakwater.sweep..",
        "io.breakwater.tenant..",
        "io.breakwater.topology..",
        "io.breakwater.worker..",
    };

    @ArchTest
    static final ArchRule timeAndChanceAreHandedIn = noClasses()
            .that(areNoCompositionRoots())
            .should(accessTargetWhere(describe("the target is ambient", ArchitectureTest::isAmbient)))
            .because("who is handed time and chance can be tested with any");

    @ArchTest
    static final ArchRule packagesDependOnEachOtherOneWay =
            slices().matching("io.breakwater.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule namesSayWhatAClassIs = noClasses()
            .should()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveNameMatching(".*[.$](Base|Abstract)[A-Z][^.$]*");

    @ArchTest
    static final ArchRule theDomainKnowsNoFunctionAndNoMachine = noClasses()
            .that()
            .resideInAnyPackage(DOMAIN)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.breakwater.function..", "io.breakwater.local..", "com.amazonaws.services.lambda..");

    @ArchTest
    static final ArchRule functionsDoNotKnowWhereTheyRun = noClasses()
            .that()
            .resideInAPackage("io.breakwater.function..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.breakwater.local..");

    @ArchTest
    static final ArchRule theDomainSpeaksToAwsThroughAdapters = noClasses()
            .that()
            .resideInAnyPackage(DOMAIN)
            .and()
            .arePublic()
            .and(describe("are no adapters", type -> !isAdapter(type)))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon.awssdk..")
            .because("an adapter's name says which service it is for, and one class knows the SDK's exceptions");

    @ArchTest
    static final ArchRule onlyRedisAdaptersKnowTheRedisClient = noClasses()
            .that(describe("are no Redis adapters", type -> !isRedisAdapter(type)))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("redis.clients..", "org.apache.commons.pool2..");

    @ArchTest
    static final ArchRule everyDomainClassIsUnderTheRulesOfTheDomain = classes()
            .that()
            .resideOutsideOfPackages("io.breakwater.function..", "io.breakwater.local..", "io.breakwater.infra..")
            .should()
            .resideInAnyPackage(DOMAIN);

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses classes) {
        assertThat(classes.stream().map(JavaClass::getPackage).distinct())
                .isNotEmpty()
                .filteredOn(type -> !type.isAnnotatedWith(NullMarked.class))
                .extracting(JavaPackage::getName)
                .as("packages without a @NullMarked package-info")
                .isEmpty();
    }

    @ArchTest
    static void everyCompositionRootIsOne(JavaClasses classes) {
        assertThat(classes.stream()
                        .filter(type -> type.getAccessesFromSelf().stream().anyMatch(ArchitectureTest::isAmbient))
                        .map(ArchitectureTest::outermost))
                .containsAll(COMPOSITION_ROOTS);
    }

    private static DescribedPredicate<JavaClass> areNoCompositionRoots() {
        return describe("are no composition roots", type -> !COMPOSITION_ROOTS.contains(outermost(type)));
    }

    private static boolean isAdapter(JavaClass type) {
        return outermost(type).matches(".*\\.((DynamoDb|Sqs|S3|Bedrock)\\w*|FailureClassifier)");
    }

    private static boolean isRedisAdapter(JavaClass type) {
        return outermost(type).matches(".*\\.Redis\\w*");
    }

    private static String outermost(JavaClass type) {
        return type.getName().split("\\$", 2)[0];
    }

    private static boolean isAmbient(JavaAccess<?> access) {
        return AMBIENT.contains(access.getTargetOwner().getName() + "."
                        + access.getTarget().getName())
                || (access.getTarget() instanceof ConstructorCallTarget constructor && seedsItself(constructor));
    }

    /** A generator made without a seed takes one from its surroundings. */
    private static boolean seedsItself(ConstructorCallTarget constructor) {
        return constructor.getOwner().isEquivalentTo(SecureRandom.class)
                || (constructor.getRawParameterTypes().isEmpty()
                        && (constructor.getOwner().isEquivalentTo(Random.class)
                                || constructor.getOwner().isEquivalentTo(SplittableRandom.class)));
    }

    private static <T> DescribedPredicate<T> describe(String description, Predicate<T> predicate) {
        return DescribedPredicate.describe(description, predicate);
    }
}
