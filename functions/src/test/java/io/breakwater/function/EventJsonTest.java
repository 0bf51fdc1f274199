package io.breakwater.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.tests.EventLoader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Lambda's runtime client would have made of the same bytes. */
class EventJsonTest {
    @ParameterizedTest
    @MethodSource("events")
    void anEventIsWhatTheRuntimeClientReads(Path file) throws IOException {
        boolean batch = file.getFileName().toString().matches("(worker|dead-letter)-.*");

        if (batch) {
            assertThat(read(file, SQSEvent.class)).isEqualTo(EventLoader.loadSQSEvent(file.toString()));
        } else {
            assertThat(read(file, APIGatewayV2HTTPEvent.class))
                    .isEqualTo(EventLoader.loadApiGatewayHttpEvent(file.toString()));
        }
    }

    @ParameterizedTest
    @MethodSource("events")
    void whatIsWrittenIsReadAsItWas(Path file) throws IOException {
        boolean batch = file.getFileName().toString().matches("(worker|dead-letter)-.*");
        Class<?> type = batch ? SQSEvent.class : APIGatewayV2HTTPEvent.class;
        Object event = read(file, type);

        assertThat(EventJson.read(new ByteArrayInputStream(written(event)), type))
                .isEqualTo(event);
    }

    @Test
    void answersHaveTheNamesThatLambdaKnows() throws IOException {
        assertThat(written(new SQSBatchResponse(List.of(new BatchItemFailure("m-1")))))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"m-1\"}]}");
        assertThat(written(APIGatewayV2HTTPResponse.builder()
                        .withStatusCode(202)
                        .withHeaders(Map.of("Location", "/jobs/1"))
                        .withBody("{}")
                        .build()))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"statusCode\":202,\"headers\":{\"Location\":\"/jobs/1\"},\"body\":\"{}\","
                        + "\"isBase64Encoded\":false}");
    }

    private static Stream<Path> events() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("..", "events"))) {
            return files.filter(file -> !file.getFileName().toString().startsWith("sweeper")).toList().stream();
        }
    }

    private static <E> E read(Path file, Class<E> type) throws IOException {
        try (InputStream event = Files.newInputStream(file)) {
            return EventJson.read(event, type);
        }
    }

    private static byte[] written(Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        EventJson.write(bytes, value);
        return bytes.toByteArray();
    }
}
