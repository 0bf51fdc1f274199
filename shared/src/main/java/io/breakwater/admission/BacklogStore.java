package io.breakwater.admission;

import java.util.Optional;

/** Where workers leave what they say of the backlog. Every call may throw when the store cannot be reached. */
public interface BacklogStore {
    /** The report that was written last; empty when there is none. A report whose time is over may be gone. */
    Optional<BacklogReport> read();

    /** Replaces the report that stands: the workers of a fleet take from one queue, so the latest word counts. */
    void write(BacklogReport report);
}
