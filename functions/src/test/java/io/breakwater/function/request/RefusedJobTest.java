package io.breakwater.function.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.function.request.Api.Answer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Submissions that are well formed and not accepted. */
class RefusedJobTest {
    private static final String WAITS = "{\"prompt\":\"x\"}";
    private static final String FAILS = "{\"prompt\":\"x\",\"whenUnavailable\":\"fail\"}";
    private static final String FAILS_UNDEGRADED =
            "{\"prompt\":\"x\",\"whenUnavailable\":\"fail\",\"allowDegraded\":false}";
    private static final List<String> MODELS = List.of("claude-sonnet-4-5", "claude-3-sonnet", "claude-3-haiku");

    private final Api api = new Api();

    @Test
    void aJobThatWouldRatherFailIsRefusedWhileNoEndpointTakesCallsAndLeavesNoTrace() {
        MODELS.forEach(model -> override(model, open(90)));

        Answer answer = api.post("/jobs", FAILS).send();

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers())
                .containsEntry("Retry-After", "90")
                .containsEntry("Content-Type", "application/problem+json");
        assertThat(answer.json().path("type").asText()).isEqualTo("urn:breakwater:problem:no-endpoint-available");
        assertThat(answer.json().path("detail").asText()).contains("submit it again after Retry-After");
        assertThat(api.stored()).isEmpty();
        assertThat(api.sent()).isEmpty();
    }

    @Test
    void aJobThatWaitsIsAcceptedMeanwhile() {
        MODELS.forEach(model -> override(model, open(90)));

        assertThat(api.post("/jobs", WAITS).send().status()).isEqualTo(202);
    }

    @Test
    void aJobThatMayBeDegradedIsAcceptedWhileALowerTierTakesCalls() {
        override(MODELS.getFirst(), open(90));

        assertThat(api.post("/jobs", FAILS).send().status()).isEqualTo(202);
        assertThat(api.post("/jobs", FAILS_UNDEGRADED).send().status()).isEqualTo(503);
    }

    @Test
    void whenTheOverridesAreLiftedTheJobIsAccepted() {
        MODELS.forEach(model -> override(model, open(90)));
        assertThat(api.post("/jobs", FAILS).send().status()).isEqualTo(503);

        MODELS.forEach(model -> override(model, "{\"state\":\"NONE\"}"));

        assertThat(api.post("/jobs", FAILS).send().status()).isEqualTo(202);
    }

    @Test
    void aRepeatOfAJobThatWasAcceptedStaysAccepted() {
        Answer first = api.post("/jobs", FAILS).header("idempotency-key", "k").send();
        MODELS.forEach(model -> override(model, open(90)));
        api.reportBacklog(Duration.ofMinutes(2));

        Answer repeat = api.post("/jobs", FAILS).header("idempotency-key", "k").send();

        assertThat(repeat.status()).isEqualTo(202);
        assertThat(repeat.json().path("id")).isEqualTo(first.json().path("id"));
        assertThat(api.post("/jobs", FAILS_UNDEGRADED)
                        .header("idempotency-key", "k")
                        .send()
                        .status())
                .isEqualTo(422);
        assertThat(api.post("/jobs", FAILS)
                        .header("idempotency-key", "new")
                        .send()
                        .status())
                .isEqualTo(503);
    }

    @Test
    void aKeyThatWasRefusedIsFreeForTheNextTry() {
        api.reportBacklog(Duration.ofMinutes(2));
        assertThat(api.post("/jobs", WAITS)
                        .header("idempotency-key", "k")
                        .send()
                        .status())
                .isEqualTo(429);

        api.now = api.now.plusSeconds(15);

        assertThat(api.post("/jobs", WAITS)
                        .header("idempotency-key", "k")
                        .send()
                        .status())
                .isEqualTo(202);
    }

    @Test
    void anyJobIsRefusedWhileOthersWaitTooLong() {
        api.reportBacklog(Duration.ofSeconds(75));

        Answer answer = api.post("/jobs", WAITS).send();

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.headers())
                .containsEntry("Retry-After", "15")
                .containsEntry("Content-Type", "application/problem+json");
        assertThat(answer.json().path("type").asText()).isEqualTo("urn:breakwater:problem:backlog-too-old");
        assertThat(answer.json().path("detail").asText())
                .isEqualTo("jobs wait 75 s for a worker, more than the 60 s that are allowed; submit it again after"
                        + " Retry-After");
        assertThat(api.stored()).isEmpty();
        assertThat(api.sent()).isEmpty();
    }

    @Test
    void aSecondThatHasBegunCountsWhole() {
        api.reportBacklog(Duration.ofSeconds(75));
        api.now = api.now.plusMillis(4_300);

        assertThat(api.post("/jobs", WAITS).send().headers()).containsEntry("Retry-After", "11");
    }

    @Test
    void aJobThatIsNotWellFormedIsToldSoFirst() {
        api.reportBacklog(Duration.ofSeconds(75));

        assertThat(api.post("/jobs", "{}").send().status()).isEqualTo(400);
    }

    private void override(String model, String body) {
        for (String region : List.of("us-east-1", "us-west-2")) {
            assertThat(api.put("/endpoints/" + region + "/" + model + "/override", body)
                            .send()
                            .status())
                    .isEqualTo(200);
        }
    }

    private static String open(int seconds) {
        return "{\"state\":\"OPEN\",\"reason\":\"test\",\"ttlSeconds\":%d}".formatted(seconds);
    }
}
