package io.breakwater.result;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.backend.AwsClients;
import io.breakwater.backend.OnEveryBackend;
import io.breakwater.local.engine.AwsResources;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@OnEveryBackend
class S3ResultStoreIT extends ResultStoreContract {
    private final AwsClients clients;
    private final AwsResources resources;
    private final ResultStore store;

    S3ResultStoreIT(AwsClients clients, AwsResources resources) {
        this.clients = clients;
        this.resources = resources;
        store = new S3ResultStore(clients.s3(), clients.presigner(), resources.resultsBucket());
    }

    @Override
    ResultStore store() {
        return store;
    }

    @Test
    void aPresignedUrlGivesTheTextToWhoeverHoldsIt() throws Exception {
        // Given
        store.put(key, "Grüße ✓");

        // When
        URI url = store.presign(key, Duration.ofMinutes(5));

        // Then
        assertThat(url.getQuery()).contains("X-Amz-Expires=300");
        try (HttpClient anyone = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> answer =
                    anyone.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("Grüße ✓".getBytes(UTF_8));
            assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                    .isEqualToIgnoringWhitespace("text/plain; charset=utf-8");
        }
    }

    @Test
    void promptsAreJson() {
        // Given
        String prompt = ResultStore.PROMPTS + "job/hash";

        // When
        store.put(prompt, "{}");

        // Then
        assertThat(clients.s3()
                        .headObject(
                                head -> head.bucket(resources.resultsBucket()).key(prompt))
                        .contentType())
                .isEqualTo("application/json");
    }
}
