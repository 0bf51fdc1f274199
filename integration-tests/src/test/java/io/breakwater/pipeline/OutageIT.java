package io.breakwater.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.backend.OnEveryBackend;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of jobs while models fail, with a breaker whose cooldown is 2 s. */
@OnEveryBackend
class OutageIT {
    private static final String CHAIN = """
        models: { big: big-model, small: small-model, tiny: tiny-model }
        tiers:
          - { name: primary, maxTokens: 4096, endpoints: [ { region: us-east-1, model: big } ] }
          - { name: fallback, maxTokens: 1024, endpoints: [ { region: us-east-1, model: small } ] }
          - { name: emergency, maxTokens: 256, simplify: true, endpoints: [ { region: us-west-2, model: tiny } ] }
        breaker: { cooldownSeconds: 2, maximumCooldownSeconds: 2 }
        """;

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    Path directory;

    private Pipeline pipeline;

    @BeforeEach
    void start() {
        pipeline = Pipeline.startWith(CHAIN, directory);
    }

    @AfterEach
    void stop() {
        pipeline.close();
    }

    @Test
    void aThrottledPrimaryIsReplacedByTheNextTierAndThenLeftAloneUntilItRecovers() {
        pipeline.setFault("us-east-1", "big", "THROTTLE");

        // Served by the next tier, with its fewer tokens.
        JsonNode job = pipeline.awaitEnd(pipeline.submit("hello"));
        assertThat(job.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(job.path("degraded").asBoolean()).isTrue();
        assertThat(job.path("degradation")).hasToString("{\"tier\":\"fallback\",\"maxTokens\":1024}");
        assertThat(job.path("servedBy").path("tier").asText()).isEqualTo("fallback");
        assertThat(outcomes(job)).containsExactly("big-model THROTTLED 4096", "small-model SUCCESS 1024");

        // The breaker opens: no further job reaches the throttled endpoint.
        pipeline.serve(20);
        JsonNode open = awaitState("OPEN");
        assertThat(open.path("reason").asText()).isIn("FAILURE_RATE", "CONSECUTIVE_FAILURES", "PROBE_FAILED");
        pipeline.putOverride("us-east-1", "big", "{\"state\":\"OPEN\",\"reason\":\"test\",\"ttlSeconds\":600}");
        pipeline.awaitHeardByAll("us-east-1", "big");
        int calls = pipeline.calls("us-east-1", "big-model");
        assertThat(pipeline.serve(40))
                .allSatisfy(served -> assertThat(
                                served.path("servedBy").path("tier").asText())
                        .isEqualTo("fallback"));
        assertThat(pipeline.calls("us-east-1", "big-model")).isEqualTo(calls);

        // It recovers by 1, 5 and 10 probes.
        pipeline.liftFaults();
        pipeline.putOverride("us-east-1", "big", "{\"state\":\"NONE\"}");
        await().atMost(PATIENCE).until(() -> {
            pipeline.serve(5);
            return pipeline.endpoint("us-east-1", "big").path("state").asText().equals("CLOSED");
        });
        assertThat(StreamSupport.stream(
                                pipeline.endpoint("us-east-1", "big")
                                        .path("history")
                                        .spliterator(),
                                false)
                        .limit(4)
                        .map(transition -> transition.path("to").asText()
                                + transition.path("stage").asText()))
                .containsExactly("CLOSED", "HALF_OPEN10", "HALF_OPEN5", "HALF_OPEN1");

        // Every worker hears of it: within half a minute at the latest, if it last heard of the override.
        await().atMost(PATIENCE)
                .until(() -> pipeline.serve(8).stream()
                        .noneMatch(served -> served.path("degraded").asBoolean()));
    }

    @Test
    void theLastTierAnswersInSimpleWordsWhenTheOthersAreDown() {
        pipeline.setFault("us-east-1", "*", "SERVER_ERROR");

        JsonNode job = pipeline.awaitEnd(pipeline.submit("hello"));

        assertThat(job.path("degradation"))
                .hasToString("{\"tier\":\"emergency\",\"maxTokens\":256,\"simplified\":true}");
    }

    @Test
    void aJobWaitsOutATotalOutageAndIsServedAfterIt() {
        pipeline.setFault("*", "*", "UNAVAILABLE");
        String id = pipeline.submit("hello");
        await().atMost(PATIENCE)
                .until(() -> pipeline.job(id).path("status").asText().equals("DEFERRED"));
        assertThat(pipeline.job(id).path("notBefore").asText()).isNotEmpty();

        pipeline.liftFaults();

        assertThat(pipeline.awaitEnd(id).path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(pipeline.result(id)).asString(StandardCharsets.UTF_8).isEqualTo("hello");
    }

    @Test
    void aJobThatWouldRatherFailThanWaitFailsWithATimeToRetry() {
        pipeline.setFault("*", "*", "UNAVAILABLE");

        JsonNode job = pipeline.awaitEnd(pipeline.submit(Map.of("prompt", "now", "whenUnavailable", "fail")));

        assertThat(job.path("status").asText()).isEqualTo("FAILED");
        assertThat(job.path("error").path("code").asText()).isEqualTo("UNAVAILABLE");
        assertThat(job.path("error").path("retryAfterSeconds").asInt()).isPositive();
    }

    @Test
    void aRetiredModelCostsOneCallNotAnOutage() {
        pipeline.setFault("us-east-1", "big", "END_OF_LIFE");

        pipeline.serve(1);
        pipeline.serve(20);

        assertThat(pipeline.calls("us-east-1", "big-model")).isEqualTo(1);
        assertThat(pipeline.endpoint("us-east-1", "big").path("state").asText()).isEqualTo("DISABLED");
    }

    @Test
    void anAnswerThatCannotBeParsedIsAFailedAttemptAndTheNextEndpointServes() {
        pipeline.setFault("us-east-1", "big", "MALFORMED");

        JsonNode job = pipeline.awaitEnd(pipeline.submit("hello"));

        assertThat(outcomes(job)).containsExactly("big-model MALFORMED 4096", "small-model SUCCESS 1024");
    }

    @Test
    void aRequestThatTheModelRefusesFailsAtOnceAndCountsAgainstNobody() {
        pipeline.setFault("*", "*", "VALIDATION");

        List<JsonNode> jobs = pipeline.serve(10);

        assertThat(jobs).allSatisfy(job -> {
            assertThat(job.path("status").asText()).isEqualTo("FAILED");
            assertThat(job.path("error").path("code").asText()).isEqualTo("CALLER_FAULT");
            assertThat(job.path("attempts")).hasSize(1);
        });
        assertThat(pipeline.endpoint("us-east-1", "big").path("state").asText()).isEqualTo("CLOSED");
    }

    private JsonNode awaitState(String state) {
        return await().atMost(PATIENCE)
                .until(
                        () -> pipeline.endpoint("us-east-1", "big"),
                        endpoint -> endpoint.path("state").asText().equals(state));
    }

    private static List<String> outcomes(JsonNode job) {
        return StreamSupport.stream(job.path("attempts").spliterator(), false)
                .map(attempt -> attempt.path("endpoint").asText().replaceFirst(".*/", "") + " "
                        + attempt.path("outcome").asText() + " "
                        + attempt.path("maxTokens").asInt())
                .toList();
    }
}
