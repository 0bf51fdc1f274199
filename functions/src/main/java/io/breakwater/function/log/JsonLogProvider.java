package io.breakwater.function.log;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * What SLF4J finds in a function's archive. It is a few classes, where a logging framework costs a cold start tenths of a
 * second, and all that a function needs: Lambda takes what is written to standard output.
 *
 * <p>The least level is that of {@value #OWN_LEVEL}, or of {@value #LAMBDA_LEVEL}, which Lambda sets from the function's own
 * configuration; INFO when neither says one.
 */
public final class JsonLogProvider implements SLF4JServiceProvider {
    static final String OWN_LEVEL = "BREAKWATER_LOG_LEVEL";
    static final String LAMBDA_LEVEL = "AWS_LAMBDA_LOG_LEVEL";

    private static final String API_VERSION = "2.0.99";

    private final MDCAdapter context = new BasicMDCAdapter();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private @Nullable ILoggerFactory loggers;

    @Override
    public void initialize() {
        // Standard output is looked up each time: the runtime client replaces it after this.
        JsonLines lines = new JsonLines(
                level(System.getenv(OWN_LEVEL), System.getenv(LAMBDA_LEVEL)),
                InstantSource.system(),
                context,
                () -> System.out);
        ConcurrentHashMap<String, Logger> byName = new ConcurrentHashMap<>();
        loggers = name -> byName.computeIfAbsent(name, _ -> new JsonLogger(name, lines));
    }

    /** The first of these that is a level. Lambda's FATAL is SLF4J's ERROR. */
    static Level level(@Nullable String... candidates) {
        return Stream.of(candidates)
                .flatMap(name -> known(name).stream())
                .findFirst()
                .orElse(Level.INFO);
    }

    private static Optional<Level> known(@Nullable String name) {
        if (name == null) {
            return Optional.empty();
        }
        String upper = name.strip().toUpperCase(Locale.ROOT);
        return Arrays.stream(Level.values())
                .filter(level -> level.name().equals(upper.equals("FATAL") ? "ERROR" : upper))
                .findFirst();
    }

    @Override
    public @Nullable ILoggerFactory getLoggerFactory() {
        return loggers;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return context;
    }

    @Override
    public String getRequestedApiVersion() {
        return API_VERSION;
    }
}
