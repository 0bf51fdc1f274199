package io.breakwater.topology;

import java.time.Duration;

/**
 * A Lambda function.
 *
 * @param name the last part of its name when deployed, and the name of its archive
 * @param handler the class that Lambda calls
 * @param timeout how long one invocation may take
 * @param memoryMegabytes its memory, and with it its share of a processor: 1,769 MB are one
 */
public record FunctionSpec(String name, String handler, Duration timeout, int memoryMegabytes) {

    /** Its name in Lambda, and so in logs and metrics. */
    public String deployedName() {
        return "breakwater-" + name;
    }
}
