package io.breakwater.admission;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A store for one process: tests, simulations. */
public final class InMemoryBacklogStore implements BacklogStore {
    private volatile @Nullable BacklogReport report;

    @Override
    public Optional<BacklogReport> read() {
        return Optional.ofNullable(report);
    }

    @Override
    public void write(BacklogReport report) {
        this.report = report;
    }
}
