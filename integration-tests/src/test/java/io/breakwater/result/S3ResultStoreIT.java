package io.breakwater.result;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.local.engine.AwsClients;
import io.breakwater.local.engine.SharedEngines;
import io.breakwater.topology.Topology;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedEngines.class)
class S3ResultStoreIT extends ResultStoreContract {
    private final AwsClients clients;
    private final ResultStore store;

    S3ResultStoreIT(AwsClients clients) {
        this.clients = clients;
        store = new S3ResultStore(clients.s3(), clients.presigner(), Topology.RESULTS_BUCKET);
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
                        .headObject(head -> head.bucket(Topology.RESULTS_BUCKET).key(prompt))
                        .contentType())
                .isEqualTo("application/json");
    }
}
