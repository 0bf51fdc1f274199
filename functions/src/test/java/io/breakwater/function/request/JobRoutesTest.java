package io.breakwater.function.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.function.request.Api.Answer;
import io.breakwater.job.Job;
import io.breakwater.job.JobStatus;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobRoutesTest {
    private final Api api = new Api();

    @Test
    void aJobShowsWhatConcernsItsOwnerAndNothingElse() {
        api.store(Jobs.succeeded("j", Api.ALICE));

        Answer answer = api.get("/jobs/j").send();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().fieldNames())
                .toIterable()
                .containsExactly(
                        "id",
                        "status",
                        "createdAt",
                        "updatedAt",
                        "deadline",
                        "attempts",
                        "servedBy",
                        "degraded",
                        "degradation",
                        "usage",
                        "result",
                        "metadata");
        assertThat(answer.json().path("degraded").asBoolean()).isTrue();
        assertThat(answer.json().path("result").toString())
                .isEqualTo("{\"href\":\"/jobs/j/result\",\"contentType\":\"text/plain; charset=utf-8\","
                        + "\"bytes\":742,\"stopReason\":\"end_turn\"}");
        assertThat(answer.body()).contains("\"usage\":{\"inputTokens\":14,\"outputTokens\":171,\"costUsd\":0.0000033}");
        assertThat(answer.body()).doesNotContain("secret", "claim", "generation", "crashes", Api.ALICE);
    }

    @Test
    void aDeferredJobSaysWhenItGoesOn() {
        api.store(Jobs.deferred("j", Api.ALICE));

        assertThat(api.get("/jobs/j").send().json().path("notBefore").asText()).isEqualTo("2026-11-24T12:01:30Z");
    }

    @Test
    void aFailedJobSaysWhy() {
        api.store(Jobs.failed("j", Api.ALICE));

        assertThat(api.get("/jobs/j").send().json().path("error").toString())
                .isEqualTo(
                        "{\"code\":\"UNAVAILABLE\",\"message\":\"no endpoint takes calls\",\"retryAfterSeconds\":45}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-job", "a.b", "a b", "%00", "漢", "x' OR '1'='1"})
    void anUnknownIdIsNotFound(String id) {
        assertThat(api.get("/jobs/" + id).send().status()).isEqualTo(404);
        assertThat(api.delete("/jobs/" + id).send().status()).isEqualTo(404);
        assertThat(api.get("/jobs/" + id + "/result").send().status()).isEqualTo(404);
    }

    @Test
    void anotherTenantsJobIsNotFoundAndStaysUntouched() {
        api.store(Jobs.queued("j", Api.BOB));

        Answer unknown = api.get("/jobs/i").send();
        Answer foreign = api.get("/jobs/j").send();

        assertThat(foreign.status()).isEqualTo(404);
        assertThat(foreign.body()).isEqualTo(unknown.body().replace("job i", "job j"));
        assertThat(api.get("/jobs/j/result").send().status()).isEqualTo(404);
        assertThat(api.delete("/jobs/j").send().status()).isEqualTo(404);
        assertThat(api.stored()).extracting(Job::status).containsExactly(JobStatus.QUEUED);
    }

    @Test
    void aResultIsRedirectedTo() {
        api.store(Jobs.succeeded("j", Api.ALICE));

        Answer answer = api.get("/jobs/j/result").send();

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.headers())
                .containsEntry("Location", "memory:results/j/secret-claim?validity=PT5M")
                .containsEntry("Cache-Control", "no-store");
    }

    @ParameterizedTest
    @EnumSource(value = JobStatus.class, mode = Mode.EXCLUDE, names = "SUCCEEDED")
    void aJobWithoutResultIsAConflict(JobStatus status) {
        api.store(Jobs.with(Jobs.queued("j", Api.ALICE), status, null));

        Answer answer = api.get("/jobs/j/result").send();

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.json().path("detail").asText())
                .isEqualTo("the job is " + status + " and has no result" + (status.isFinal() ? "" : " yet"));
    }

    @Test
    void aJobIsCancelledOnceAndForAll() {
        api.store(Jobs.queued("j", Api.ALICE));

        Answer first = api.delete("/jobs/j").send();
        Answer second = api.delete("/jobs/j").send();

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.json().path("status").asText()).isEqualTo("CANCELLED");
        assertThat(second.status()).isEqualTo(200);
    }

    @Test
    void aFinishedJobIsNotCancelled() {
        api.store(Jobs.succeeded("j", Api.ALICE));

        Answer answer = api.delete("/jobs/j").send();

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.json().path("detail").asText()).isEqualTo("the job is SUCCEEDED and stays so");
    }

    @Test
    void aListingIsPagedThroughWithItsCursor() {
        for (int i = 0; i < 5; i++) {
            api.now = api.now.plusSeconds(1);
            api.post("/jobs", "{\"prompt\":\"x\"}")
                    .as(i == 2 ? Api.BOB : Api.ALICE)
                    .send();
        }

        Answer first = api.get("/jobs").query("limit", "3").send();
        Answer second = api.get("/jobs")
                .query("limit", "3")
                .query("cursor", first.json().path("cursor").asText())
                .send();

        assertThat(first.status()).isEqualTo(200);
        assertThat(ids(first)).containsExactly("job-5", "job-4", "job-2");
        assertThat(ids(second)).containsExactly("job-1");
        assertThat(second.json().has("cursor")).isFalse();
    }

    @Test
    void aListingIsFilteredByStatus() {
        api.store(Jobs.queued("a", Api.ALICE));
        api.store(Jobs.succeeded("b", Api.ALICE));

        assertThat(ids(api.get("/jobs").query("status", "SUCCEEDED").send())).containsExactly("b");
    }

    @Test
    void aListingOfNothingIsEmpty() {
        assertThat(api.get("/jobs").send().body()).isEqualTo("{\"jobs\":[]}");
    }

    @ParameterizedTest
    @MethodSource
    void everyWrongParameterOfAListingIsNamed(String name, String value, String violation) {
        Answer answer =
                api.get("/jobs").query(name, value).query("colour", "red").send();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.violations())
                .containsExactlyInAnyOrder(name + ": " + violation, "colour: is not a known parameter");
    }

    static Stream<Arguments> everyWrongParameterOfAListingIsNamed() {
        String statuses = "must be one of QUEUED, RUNNING, DEFERRED, SUCCEEDED, FAILED, EXPIRED, CANCELLED";
        return Stream.of(
                arguments("status", "queued", statuses),
                arguments("status", "QUEUED,RUNNING", statuses),
                arguments("status", "", statuses),
                arguments("limit", "0", "must be an integer from 1 to 100"),
                arguments("limit", "101", "must be an integer from 1 to 100"),
                arguments("limit", "-1", "must be an integer from 1 to 100"),
                arguments("limit", "ten", "must be an integer from 1 to 100"),
                arguments("limit", "9999999999", "must be an integer from 1 to 100"),
                arguments("cursor", "", "must be the cursor of a page before"),
                arguments("cursor", "x".repeat(2049), "must be the cursor of a page before"),
                arguments("stauts", "QUEUED", "is not a known parameter; did you mean \"status\"?"));
    }

    @Test
    void aCursorThatTheStoreDoesNotKnowIsNamed() {
        Answer answer = api.get("/jobs").query("cursor", "made-up").send();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.violations()).containsExactly("cursor: must be the cursor of a page before");
    }

    private static List<String> ids(Answer page) {
        return page.json().path("jobs").findValues("id").stream()
                .map(JsonNode::asText)
                .toList();
    }
}
