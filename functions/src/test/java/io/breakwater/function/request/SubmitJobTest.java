package io.breakwater.function.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.function.request.Api.Answer;
import io.breakwater.job.InMemoryJobQueue.Sent;
import io.breakwater.job.Job;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobRequest.WhenUnavailable;
import io.breakwater.job.JobStatus;
import io.breakwater.json.Json;
import io.breakwater.model.Message;
import io.breakwater.model.Message.Role;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubmitJobTest {
    private static final String BODY = "{\"prompt\":\"Why is the sky blue?\"}";

    private final Api api = new Api();

    @Test
    void aPromptBecomesAQueuedJob() {
        Answer answer = api.post("/jobs", BODY).send();

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.headers()).containsEntry("Location", "/jobs/job-1");
        assertThat(answer.body())
                .isEqualTo("{\"id\":\"job-1\",\"status\":\"QUEUED\",\"createdAt\":\"2026-11-24T12:00:00.123Z\","
                        + "\"updatedAt\":\"2026-11-24T12:00:00.123Z\",\"deadline\":\"2026-11-24T18:00:00.123Z\","
                        + "\"attempts\":[],\"degraded\":false,\"metadata\":{}}");
        assertThat(api.sent()).containsExactly(new Sent(new JobMessage("job-1", 0), Api.ALICE, api.now, 1));
    }

    @Test
    void aBarePromptIsFilledUpWithDefaults() {
        api.post("/jobs", BODY).send();

        assertThat(api.claimed("job-1"))
                .isEqualTo(new JobRequest(
                        List.of(new Message(Role.USER, "Why is the sky blue?")),
                        null,
                        null,
                        null,
                        List.of(),
                        true,
                        WhenUnavailable.QUEUE,
                        21_600,
                        Map.of()));
    }

    @Test
    void everyFieldIsTakenOver() {
        api.post("/jobs", """
            {
              "messages": [
                {"role": "user", "content": "a"},
                {"role": "assistant", "content": "b"},
                {"role": "user", "content": "c"}
              ],
              "system": "s",
              "maxTokens": 7,
              "temperature": 0.5,
              "stopSequences": ["x", "y"],
              "allowDegraded": false,
              "whenUnavailable": "fail",
              "deadlineSeconds": 60,
              "metadata": {"k": "v"}
            }
            """).send();

        assertThat(api.claimed("job-1"))
                .isEqualTo(new JobRequest(
                        List.of(
                                new Message(Role.USER, "a"),
                                new Message(Role.ASSISTANT, "b"),
                                new Message(Role.USER, "c")),
                        "s",
                        7,
                        0.5,
                        List.of("x", "y"),
                        false,
                        WhenUnavailable.FAIL,
                        60,
                        Map.of("k", "v")));
        assertThat(api.stored("job-1").orElseThrow())
                .extracting(Job::deadline, Job::metadata)
                .containsExactly(Instant.parse("2026-11-24T12:01:00.123Z"), Map.of("k", "v"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\u0000", "\"\\/\b", "Zoë 漢字 🌊 \u202E עברית", "\uFEFF\uFFFF"})
    void anyUnicodeComesThrough(String prompt) throws Exception {
        String body = Json.MAPPER.writeValueAsString(Map.of("prompt", prompt));

        Answer answer = api.post("/jobs", body).send();

        assertThat(answer.status()).isEqualTo(202);
        assertThat(promptOf("job-1")).isEqualTo(prompt);
    }

    @Test
    void aPromptOfAlmostAMegabyteIsTaken() {
        String prompt = "x".repeat(Request.MAX_BODY_BYTES - "{\"prompt\":\"\"}".length());

        Answer answer = api.post("/jobs", "{\"prompt\":\"" + prompt + "\"}").send();

        assertThat(answer.status()).isEqualTo(202);
        assertThat(promptOf("job-1")).isEqualTo(prompt);
    }

    @Test
    void aBodyInBase64IsDecoded() {
        String base64 = Base64.getEncoder().encodeToString("{\"prompt\":\"Zoë\"}".getBytes(StandardCharsets.UTF_8));

        Answer answer = api.post("/jobs", base64).base64().send();

        assertThat(answer.status()).isEqualTo(202);
        assertThat(promptOf("job-1")).isEqualTo("Zoë");
    }

    @Test
    void aRepeatOfAKeyAndBodyIsTheSameJob() {
        Answer first = api.post("/jobs", BODY).header("idempotency-key", "k").send();
        api.now = api.now.plusSeconds(9);

        Answer second = api.post("/jobs", BODY).header("Idempotency-Key", "k").send();

        assertThat(second.status()).isEqualTo(202);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().get("Location")).isEqualTo(first.headers().get("Location"));
        assertThat(api.stored()).hasSize(1);
    }

    @Test
    void aRepeatSendsAQueuedJobAgain() {
        api.queueFailure = new IllegalStateException("no network");
        Answer first = api.post("/jobs", BODY).header("idempotency-key", "k").send();
        api.queueFailure = null;

        Answer second = api.post("/jobs", BODY).header("idempotency-key", "k").send();

        assertThat(first.status()).isEqualTo(503);
        assertThat(first.headers()).containsEntry("Retry-After", "5");
        assertThat(second.status()).isEqualTo(202);
        assertThat(api.stored()).extracting(Job::status).containsExactly(JobStatus.QUEUED);
        assertThat(api.sent()).hasSize(1);
    }

    @Test
    void aRepeatDoesNotSendAJobThatIsUnderWay() {
        Answer first = api.post("/jobs", BODY).header("idempotency-key", "k").send();
        api.claimed(first.json().path("id").asText());
        api.now = api.now.plusSeconds(1);

        Answer second = api.post("/jobs", BODY).header("idempotency-key", "k").send();

        assertThat(second.json().path("status").asText()).isEqualTo("RUNNING");
        assertThat(api.sent()).hasSize(1);
    }

    @Test
    void aKeyWithAnotherBodyIsRefused() {
        api.post("/jobs", BODY).header("idempotency-key", "k").send();

        Answer second = api.post("/jobs", "{\"prompt\":\"other\"}")
                .header("idempotency-key", "k")
                .send();

        assertThat(second.status()).isEqualTo(422);
        assertThat(api.sent()).hasSize(1);
    }

    @Test
    void aKeyIsItsTenantsOwn() {
        Answer alice = api.post("/jobs", BODY).header("idempotency-key", "k").send();
        Answer bob = api.post("/jobs", "{\"prompt\":\"other\"}")
                .header("idempotency-key", "k")
                .as(Api.BOB)
                .send();

        assertThat(bob.status()).isEqualTo(202);
        assertThat(bob.json().path("id")).isNotEqualTo(alice.json().path("id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "ключ"})
    void aKeyMustBeVisibleAscii(String key) {
        Answer answer = api.post("/jobs", BODY).header("idempotency-key", key).send();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.violations()).containsExactly("Idempotency-Key: must be 1 to 255 visible ASCII characters");
    }

    @Test
    void aKeyHasAtMost255Characters() {
        assertThat(api.post("/jobs", BODY)
                        .header("idempotency-key", "k".repeat(255))
                        .send()
                        .status())
                .isEqualTo(202);
        assertThat(api.post("/jobs", BODY)
                        .header("idempotency-key", "k".repeat(256))
                        .send()
                        .status())
                .isEqualTo(400);
    }

    private String promptOf(String id) {
        return api.claimed(id).messages().getFirst().content();
    }
}
