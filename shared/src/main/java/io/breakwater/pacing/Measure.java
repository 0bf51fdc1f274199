package io.breakwater.pacing;

/** What a per-minute quota counts. */
public enum Measure {
    /** Calls. */
    REQUESTS,
    /** A call's input and its {@code maxTokens} while it runs, what it used of them afterwards. */
    TOKENS
}
