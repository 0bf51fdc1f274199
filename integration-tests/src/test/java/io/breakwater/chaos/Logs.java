package io.breakwater.chaos;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** What this JVM logs. A pipeline that fails on purpose a thousand times has nothing to log. */
final class Logs {
    private Logs() {}

    static void silence() {
        of("io.breakwater").setLevel(Level.OFF);
    }

    /** As {@code logback.xml} has it. */
    static void speak() {
        of("io.breakwater").setLevel(Level.INFO);
    }

    private static Logger of(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }
}
