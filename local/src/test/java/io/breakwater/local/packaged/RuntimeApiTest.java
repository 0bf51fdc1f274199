package io.breakwater.local.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.local.lambda.EnvironmentLostException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a runtime client asks and tells, as in the documentation of the runtime API. */
@Timeout(60)
class RuntimeApiTest {
    private static final String ERROR = "{\"errorMessage\":\"no\",\"errorType\":\"java.lang.IllegalStateException\"}";

    private final AtomicInteger rests = new AtomicInteger();
    private final HttpClient client = HttpClient.newHttpClient();
    private RuntimeApi api;

    @BeforeEach
    void start() throws IOException {
        api = RuntimeApi.start(rests::incrementAndGet);
    }

    @AfterEach
    void stop() {
        api.close();
        client.close();
    }

    @Test
    void theNextInvocationComesWithItsHeadersAndItsAnswerGoesBack() throws Exception {
        CompletableFuture<String> answer = invoke("id-1");

        HttpResponse<String> next = get("invocation/next");

        assertThat(next.body()).isEqualTo("{\"event\":true}");
        assertThat(next.headers().map())
                .containsEntry("lambda-runtime-aws-request-id", List.of("id-1"))
                .containsEntry("lambda-runtime-deadline-ms", List.of("1795522396000"))
                .containsEntry("lambda-runtime-invoked-function-arn", List.of("arn:aws:lambda:x"))
                .containsEntry("lambda-runtime-trace-id", List.of("Root=1-a-b"));
        assertThat(post("invocation/id-1/response", "{\"answer\":true}").statusCode())
                .isEqualTo(202);
        assertThat(answer.join()).isEqualTo("{\"answer\":true}");
        assertThat(api.ready()).isCompleted();
        assertThat(rests).hasValue(1);
    }

    @Test
    void whatTheFunctionThrewGoesBack() throws Exception {
        CompletableFuture<String> answer = invoke("id-1");
        get("invocation/next");

        assertThat(post("invocation/id-1/error", ERROR).statusCode()).isEqualTo(202);

        assertThatThrownBy(answer::join)
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("java.lang.IllegalStateException: no");
    }

    @Test
    void anAnswerToAnotherInvocationIsRefused() throws Exception {
        invoke("id-1").isDone();
        get("invocation/next");

        assertThat(post("invocation/id-2/response", "{}").statusCode()).isEqualTo(400);
    }

    @Test
    void anAnswerThatIsTooLongFailsTheInvocation() throws Exception {
        CompletableFuture<String> answer = invoke("id-1");
        get("invocation/next");

        assertThat(post("invocation/id-1/response", "x".repeat(RuntimeApi.MAX_ANSWER_BYTES + 1))
                        .statusCode())
                .isEqualTo(413);

        assertThatThrownBy(answer::join).hasMessageContaining("ResponseSizeTooLarge");
    }

    @Test
    void aFunctionThatCannotBeInitialisedIsNeverReady() throws Exception {
        assertThat(post("init/error", ERROR).statusCode()).isEqualTo(202);

        assertThat(api.ready()).isCompletedExceptionally();
        assertThat(api.snapshot()).isCompletedExceptionally();
    }

    @Test
    void aClientWithSnapStartWaitsToBeRestored() throws Exception {
        CompletableFuture<HttpResponse<String>> restore =
                client.sendAsync(HttpRequest.newBuilder(uri("restore/next")).build(), BodyHandlers.ofString());
        api.snapshot().join();
        assertThat(restore).isNotDone();

        api.restore();

        assertThat(restore.join().statusCode()).isEqualTo(200);
    }

    @Test
    void whoWaitsHearsThatTheClientIsGone() throws Exception {
        CompletableFuture<String> answer = invoke("id-1");
        get("invocation/next");

        api.lost(new EnvironmentLostException("it exited"));

        assertThatThrownBy(answer::join).hasRootCauseMessage("it exited");
    }

    private CompletableFuture<String> invoke(String id) {
        return api.invoke(id, 1_795_522_396_000L, "arn:aws:lambda:x", "Root=1-a-b", "{\"event\":true}");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(uri(path))
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://" + api.address() + "/2018-06-01/runtime/" + path);
    }
}
