package io.breakwater.function.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.breakwater.function.InvocationLog;
import io.breakwater.function.Rehearsal;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import org.slf4j.spi.MDCAdapter;

/**
 * Writes events with the names that Lambda's own JSON format has, and the fields of the context beside them. A line is
 * written at once, so that what happens at the same time does not mix.
 */
final class JsonLines {
    private static final JsonFactory JSON = new JsonFactory();

    private final Level lowest;
    private final InstantSource clock;
    private final MDCAdapter context;
    private final Supplier<PrintStream> out;

    JsonLines(Level lowest, InstantSource clock, MDCAdapter context, Supplier<PrintStream> out) {
        this.lowest = lowest;
        this.clock = clock;
        this.context = context;
        this.out = out;
    }

    /** The schema library warns of every part of openapi.yaml that is not a schema. */
    boolean takes(Level level, String logger) {
        Level least = logger.startsWith("com.networknt.schema") ? Level.ERROR : lowest;
        return level.toInt() >= least.toInt();
    }

    void write(Level level, String logger, @Nullable String message, @Nullable Throwable thrown) {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("timestamp", clock.instant().toString());
            json.writeStringField("level", level.name());
            json.writeStringField("logger", logger);
            json.writeStringField("message", message);
            Map<String, String> fields = context.getCopyOfContextMap();
            for (Map.Entry<String, String> field : new TreeMap<>(fields == null ? Map.of() : fields).entrySet()) {
                json.writeStringField(field.getKey(), field.getValue());
            }
            if (thrown != null) {
                json.writeStringField("errorType", thrown.getClass().getName());
                json.writeStringField("stackTrace", stackTrace(thrown));
            }
            json.writeEndObject();
            if (fields == null || !Rehearsal.FUNCTION.equals(fields.get(InvocationLog.FUNCTION))) {
                json.flush();
                out.get().println(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }
}
