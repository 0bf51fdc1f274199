package io.breakwater.scoreboard;

import io.breakwater.model.FailureKind;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * No contestant but a bound: one breaker of the plain rule that sees each call of the whole fleet when it starts, and each
 * failure when it happens, for nothing. Opens at 30 % of at least 10 calls started in some 60 s of the last two minutes, or
 * at 5 failures of calls started one after the other; recovers by the same stages as Breakwater.
 */
final class CompleteInformation implements Fleet {
    private static final long WINDOW = 60;
    private static final double THRESHOLD = 0.3;
    private static final int MINIMUM_CALLS = 10;
    private static final int ROW = 5;
    private static final long COOLDOWN = 60_000;
    private static final long MAXIMUM_COOLDOWN = 900_000;
    private static final List<Integer> STAGES = List.of(1, 5, 10);

    private final VirtualTime time;
    private Seconds calls = new Seconds();
    private Seconds failures = new Seconds();
    private @Nullable Started latest;
    private State state = State.CLOSED;
    private long epoch;
    private long openUntil;
    private int failedRecoveries;
    private int stage;
    private int granted;
    private int succeeded;
    private int trips;

    CompleteInformation(VirtualTime time) {
        this.time = time;
    }

    /** A call, and its neighbours in the order of starts. */
    private static final class Started {
        private final long second;
        private @Nullable Started before;
        private @Nullable Started after;
        private boolean failed;

        private Started(long second) {
            this.second = second;
        }
    }

    @Override
    public Optional<Call> admit(int environment) {
        if (state == State.OPEN && time.millis() >= openUntil) {
            enter(0);
        }
        return switch (state) {
            case CLOSED -> Optional.of(counted());
            case OPEN -> Optional.empty();
            case HALF_OPEN -> granted < STAGES.get(stage) ? Optional.of(probing()) : Optional.empty();
        };
    }

    private Call counted() {
        Started call = new Started(time.elapsedMillis() / 1000);
        call.before = latest;
        if (latest != null) {
            latest.after = call;
        }
        latest = call;
        calls.add(call.second);
        judge(call);
        long begun = epoch;
        return failure -> {
            if (epoch != begun) {
                return;
            }
            if (failure.isPresent()) {
                call.failed = true;
                failures.add(call.second);
                judge(call);
            } else {
                call.before = null;
            }
        };
    }

    private void judge(Started call) {
        if (anyWindowFails() || isInRow(call)) {
            trips++;
            failedRecoveries = 0;
            open();
        }
    }

    /** Those that ended earlier are windows whose slow calls have had the time to fail. */
    private boolean anyWindowFails() {
        long last = time.elapsedMillis() / 1000;
        int called = calls.sum(last - WINDOW + 1, last);
        int failed = failures.sum(last - WINDOW + 1, last);
        for (long end = last; failures.isAny() && end > last - WINDOW; end--) {
            if (called >= MINIMUM_CALLS && failed >= THRESHOLD * called) {
                return true;
            }
            called += calls.at(end - WINDOW) - calls.at(end);
            failed += failures.at(end - WINDOW) - failures.at(end);
        }
        return false;
    }

    private static boolean isInRow(Started call) {
        int row = 0;
        for (Started one = call; one != null && one.failed; one = one.before) {
            row++;
        }
        for (Started one = call.after; one != null && one.failed; one = one.after) {
            row++;
        }
        return row >= ROW;
    }

    private Call probing() {
        granted++;
        long begun = epoch;
        Probe probe = new Probe(epoch, STAGES.get(stage));
        return new Call() {
            @Override
            public void end(Optional<FailureKind> failure) {
                if (epoch == begun) {
                    probeEnded(failure.isPresent());
                }
            }

            @Override
            public Optional<Probe> probe() {
                return Optional.of(probe);
            }
        };
    }

    private void probeEnded(boolean failed) {
        if (failed) {
            failedRecoveries++;
            open();
        } else if (++succeeded == STAGES.get(stage)) {
            enter(stage + 1);
        }
    }

    private void open() {
        epoch++;
        state = State.OPEN;
        openUntil = time.millis() + Math.min(COOLDOWN << Math.min(failedRecoveries, 10), MAXIMUM_COOLDOWN);
        calls = new Seconds();
        failures = new Seconds();
        latest = null;
    }

    private void enter(int next) {
        epoch++;
        stage = next;
        granted = 0;
        succeeded = 0;
        state = next < STAGES.size() ? State.HALF_OPEN : State.CLOSED;
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public int trips() {
        return trips;
    }

    @Override
    public StoreCalls storeCalls() {
        return StoreCalls.NONE;
    }

    @Override
    public long openUntilMillis() {
        return openUntil;
    }

    /** Numbers of the last two windows, by the second. */
    private static final class Seconds {
        private static final int KEPT = 2 * (int) WINDOW;

        private final int[] numbers = new int[KEPT];
        private long latest;
        private long all;

        void add(long second) {
            long now = Math.max(latest, second);
            for (; latest < now; latest++) {
                numbers[(int) ((latest + 1) % KEPT)] = 0;
            }
            if (second > now - KEPT) {
                numbers[(int) (second % KEPT)]++;
                all++;
            }
        }

        boolean isAny() {
            return all > 0;
        }

        int at(long second) {
            return second > latest || second <= latest - KEPT || second < 0 ? 0 : numbers[(int) (second % KEPT)];
        }

        int sum(long first, long last) {
            int sum = 0;
            for (long second = first; second <= last; second++) {
                sum += at(second);
            }
            return sum;
        }
    }
}
