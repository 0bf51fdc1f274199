package io.breakwater.local;

import java.time.Duration;
import java.util.regex.Pattern;

/** What answers the model calls of a local pipeline. */
public sealed interface BedrockTarget {
    /**
     * The simulator in this JVM.
     *
     * @param seed of everything that is left to chance
     * @param latency of every answer, until {@code PUT /simulator/latency} says otherwise
     */
    record Simulator(long seed, Duration latency) implements BedrockTarget {}

    /** The real one, with the user's own credentials, and at the user's cost. */
    record Aws() implements BedrockTarget {}

    /**
     * Whatever speaks Converse there.
     *
     * @param template a URL in which <code>{region}</code> stands for the endpoint's region
     */
    record Url(String template) implements BedrockTarget {
        private static final Pattern HTTP = Pattern.compile("https?://[^/\\s]+.*");

        public Url {
            if (!HTTP.matcher(template).matches()) {
                throw new IllegalArgumentException("not an http or https URL: " + template);
            }
        }
    }
}
