package io.breakwater.breaker;

import io.breakwater.model.FailureKind;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The calls that one worker started in one epoch of an endpoint, and which of them the fleet has been told.
 *
 * <p>Starting a call and ending it well, which is what nearly every call does, take no lock. All else is guarded by the
 * lock of the {@link EndpointBreaker}.
 */
final class OwnCalls {
    private final long epoch;
    private final TreeMap<Long, Cell> cells = new TreeMap<>();
    private volatile @Nullable Cell current;
    private volatile boolean successSinceFailure;
    private boolean untoldSuccess;
    private int untoldRow;
    private int row;
    private boolean untoldFailure;
    private Optional<FailureKind> lastFailure = Optional.empty();
    private @Nullable Duration retryAfter;
    private boolean sealed;

    OwnCalls(long epoch) {
        this.epoch = epoch;
    }

    long epoch() {
        return epoch;
    }

    /** From now on nothing is told: what this holds, the fleet may or may not have heard. */
    void seal() {
        sealed = true;
    }

    /** Starts a call without a lock, if one was started in this bucket before. */
    @Nullable
    Cell tryStart(long bucket) {
        Cell cell = current;
        if (cell == null || cell.bucket != bucket) {
            return null;
        }
        cell.started.incrementAndGet();
        return cell;
    }

    Cell start(long bucket) {
        Cell cell = cells.computeIfAbsent(bucket, number -> new Cell(this, number));
        cell.started.incrementAndGet();
        current = cell;
        return cell;
    }

    /** A call ended well. Takes no lock. */
    void succeeded() {
        if (!successSinceFailure) {
            successSinceFailure = true;
        }
    }

    /**
     * A call failed.
     *
     * @param first the oldest bucket that is still added to: a call that was started before counts there
     */
    void failed(Cell cell, long first, FailureKind kind, @Nullable Duration asked) {
        noteSuccess();
        (cell.bucket >= first ? cell : start(first)).failed++;
        row++;
        untoldRow++;
        untoldFailure = true;
        lastFailure = Optional.of(kind);
        retryAfter = retryAfter == null || (asked != null && asked.compareTo(retryAfter) > 0) ? asked : retryAfter;
    }

    /** A call ended in a way that says nothing: as if it had not been started. */
    void ignored(Cell cell) {
        cell.ignored++;
    }

    private void noteSuccess() {
        if (successSinceFailure) {
            successSinceFailure = false;
            untoldSuccess = true;
            untoldRow = 0;
            row = 0;
        }
    }

    /** The longest that the service asked to be left alone, of the failures that are untold. */
    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }

    /** What the fleet has not been told. */
    Tally untold() {
        if (sealed) {
            return Tally.EMPTY;
        }
        noteSuccess();
        TreeMap<Long, Counts> buckets = new TreeMap<>();
        cells.forEach((bucket, cell) -> {
            Counts untold = cell.untold();
            if (!untold.isNone()) {
                buckets.put(bucket, untold);
            }
        });
        return new Tally(buckets, untoldSuccess, untoldRow, untoldFailure ? lastFailure : Optional.empty());
    }

    /** Takes note that this, the latest {@link #untold}, is on its way, and forgets calls of buckets before the first. */
    void told(Tally tally, long firstKept) {
        tally.buckets().forEach((bucket, counts) -> {
            Cell cell = cells.get(bucket);
            if (cell != null) {
                cell.told = cell.told.plus(counts);
            }
        });
        untoldSuccess = false;
        untoldRow = 0;
        untoldFailure = false;
        retryAfter = null;
        cells.headMap(firstKept).clear();
    }

    /** All of them as a window, told or not. */
    Window window() {
        noteSuccess();
        TreeMap<Long, Counts> buckets = new TreeMap<>();
        cells.forEach((bucket, cell) -> buckets.put(bucket, cell.counts()));
        return new Window(buckets, row, lastFailure);
    }

    /** The calls started in one bucket. */
    static final class Cell {
        private final OwnCalls owner;
        private final long bucket;
        private final AtomicInteger started = new AtomicInteger();
        private int failed;
        private int ignored;
        private Counts told = Counts.NONE;

        private Cell(OwnCalls owner, long bucket) {
            this.owner = owner;
            this.bucket = bucket;
        }

        OwnCalls owner() {
            return owner;
        }

        private Counts counts() {
            return new Counts(started.get() - ignored, failed);
        }

        private Counts untold() {
            return counts().minus(told);
        }
    }
}
