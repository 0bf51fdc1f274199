package io.breakwater.function.log;

import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** One class's events, to be written as lines of JSON. */
final class JsonLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1;

    private final transient JsonLines lines;

    JsonLogger(String name, JsonLines lines) {
        this.name = name;
        this.lines = lines;
    }

    @Override
    public boolean isTraceEnabled() {
        return lines.takes(Level.TRACE, name);
    }

    @Override
    public boolean isDebugEnabled() {
        return lines.takes(Level.DEBUG, name);
    }

    @Override
    public boolean isInfoEnabled() {
        return lines.takes(Level.INFO, name);
    }

    @Override
    public boolean isWarnEnabled() {
        return lines.takes(Level.WARN, name);
    }

    @Override
    public boolean isErrorEnabled() {
        return lines.takes(Level.ERROR, name);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            @Nullable String pattern,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        String message = arguments == null ? pattern : MessageFormatter.basicArrayFormat(pattern, arguments);
        lines.write(level, name, message, thrown);
    }
}
