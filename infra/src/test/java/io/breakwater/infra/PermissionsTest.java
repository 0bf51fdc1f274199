package io.breakwater.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.breaker.BreakerEvent;
import io.breakwater.topology.Topology;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Each function's role grants what its code can come to ask for, and nothing more. */
@EnabledIf(value = Node.IS_PRESENT, disabledReason = Node.WHY)
class PermissionsTest {
    /** What Lambda does in every function's name: its log, and X-Ray's segments, which are no resources. */
    private static final Set<String> LAMBDAS_OWN = Set.of(
            "Logs logs:CreateLogStream",
            "Logs logs:PutLogEvents",
            "* xray:PutTraceSegments",
            "* xray:PutTelemetryRecords");

    /** What Lambda does to bring a function the messages of a queue. */
    private static final Set<String> TO_RECEIVE =
            Set.of("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes");

    private static final Pattern RESOURCE = Pattern.compile(
            "QueueJobs|QueueDeadLetters|Jobs|Endpoints|Results|Logs|(?<models>arn:aws:bedrock)|\"\\*\"");

    private static Synthesised stack;

    @BeforeAll
    static void synthesise() {
        stack = Synthesised.with(Map.of());
    }

    /**
     * One decision of the breaker is about every event, and one method of its store makes every step. A transition is a
     * put; what is counted, reserved, granted or settled is an update. Those come of events about calls, and the request
     * function makes no calls.
     */
    @Test
    void theRequestFunctionMayDoWhatItsCodeCan() {
        SdkCalls calls = SdkCalls.of(Topology.REQUEST);
        Set<String> needed = neededBy(calls);

        assertThat(calls.made(BreakerEvent.class)).containsExactly("Examined", "Overridden", "RegionLost");
        assertThat(needed.remove("Endpoints dynamodb:UpdateItem")).isTrue();
        assertThat(grantedTo("Request")).isEqualTo(needed);
    }

    @Test
    void theWorkerMayDoWhatItsCodeCan() {
        Set<String> needed = neededBy(SdkCalls.of(Topology.WORKER));
        TO_RECEIVE.forEach(action -> needed.add("QueueJobs " + action));

        assertThat(grantedTo("Worker")).isEqualTo(needed);
    }

    @Test
    void theSweeperMayDoWhatItsCodeCan() {
        assertThat(grantedTo("Sweeper")).isEqualTo(neededBy(SdkCalls.of(Topology.SWEEPER)));
    }

    @Test
    void theDeadLetterFunctionMayDoWhatItsCodeCan() {
        Set<String> needed = neededBy(SdkCalls.of(Topology.DEAD_LETTER));
        TO_RECEIVE.forEach(action -> needed.add("QueueDeadLetters " + action));

        assertThat(grantedTo("DeadLetter")).isEqualTo(needed);
    }

    private static Set<String> neededBy(SdkCalls calls) {
        Set<String> needed = calls.permissions();
        needed.addAll(LAMBDAS_OWN);
        return needed;
    }

    /** By the role's one policy: it has none that AWS or anything else has written. */
    private static Set<String> grantedTo(String function) {
        JsonNode role = stack.resource("AWS::IAM::Role", function + "Role");
        assertThat(role.has("ManagedPolicyArns") || role.has("Policies")).isFalse();
        Set<String> granted = new TreeSet<>();
        for (JsonNode statement :
                stack.resource("AWS::IAM::Policy", function + "Role").at("/PolicyDocument/Statement")) {
            for (String action : Synthesised.texts(statement.path("Action"))) {
                RESOURCE.matcher(statement.path("Resource").toString())
                        .results()
                        .forEach(resource -> granted.add(name(resource) + " " + action));
            }
        }
        return granted;
    }

    private static String name(MatchResult resource) {
        return resource.group("models") != null ? "Models" : resource.group().replace("\"", "");
    }
}
