package io.breakwater.function.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMDCAdapter;

class JsonLinesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
    private final BasicMDCAdapter context = new BasicMDCAdapter();
    private final Logger logger =
            new JsonLogger("io.breakwater.Something", new JsonLines(Level.INFO, () -> NOW, context, () -> out));

    @Test
    void anEventIsALineWithTheFieldsOfItsContext() throws IOException {
        context.put("jobId", "job-1");
        context.put("traceId", "1-a-b");

        logger.warn("job {} \"waits\"", "job-1");

        assertThat(line()).isEqualTo(Json.MAPPER.readTree("""
            {"timestamp":"2026-03-01T10:00:00Z","level":"WARN","logger":"io.breakwater.Something",
            "message":"job job-1 \\"waits\\"","jobId":"job-1","traceId":"1-a-b"}\
            """));
    }

    @Test
    void whatWasThrownStaysOnTheLine() throws IOException {
        logger.error("it failed", new IllegalStateException("why"));

        assertThat(written.toString(StandardCharsets.UTF_8).lines()).hasSize(1);
        assertThat(line().path("errorType").asText()).isEqualTo("java.lang.IllegalStateException");
        assertThat(line().path("stackTrace").asText()).contains("why", "JsonLinesTest");
    }

    @Test
    void whatIsBelowTheLevelIsNotWritten() {
        logger.debug("a detail");

        assertThat(written.size()).isZero();
    }

    @Test
    void whatARehearsalLogsIsDropped() {
        context.put("function", "rehearsal");

        logger.error("it failed on stage");

        assertThat(written.size()).isZero();
    }

    @Test
    void aThreadSaysWhatTheOneThatStartedItSaid() throws Exception {
        context.put("jobId", "job-1");

        Thread.ofVirtual().start(() -> logger.info("from another thread")).join();

        assertThat(line().path("jobId").asText()).isEqualTo("job-1");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, -, INFO",
                "debug, -, DEBUG",
                "-, WARN, WARN",
                "DEBUG, WARN, DEBUG",
                "-, FATAL, ERROR",
                "loud, -, INFO"
            })
    void theLevelIsTheFunctionsOwnOrLambdas(String own, String lambda, Level level) {
        assertThat(JsonLogProvider.level(own, lambda)).isEqualTo(level);
    }

    private JsonNode line() throws IOException {
        return Json.MAPPER.readTree(written.toString(StandardCharsets.UTF_8));
    }
}
