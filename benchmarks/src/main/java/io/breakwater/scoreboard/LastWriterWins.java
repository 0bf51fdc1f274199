package io.breakwater.scoreboard;

import java.util.Optional;

/**
 * Peer A, built again from its description: the whole state is one item, read before each call and put after it as it was
 * read, changed by the call's outcome, with no condition. So a call that was admitted before the breaker opened and ends
 * well after it writes CLOSED over OPEN, and everybody who reads that the wait is over takes himself for the one probe.
 */
final class LastWriterWins implements Fleet {
    private static final long WINDOW = 60_000;
    private static final long WAIT = 60_000;

    private final VirtualTime time;
    private Item item;
    private long reads;
    private long writes;
    private int trips;

    private record Item(boolean open, long openedAt, long windowStart, int calls, int failures, int row) {
        static Item closed(long now) {
            return new Item(false, 0, now, 0, 0, 0);
        }

        Item after(boolean failed, long now) {
            if (open) {
                return failed ? new Item(true, now, 0, 0, 0, 0) : closed(now);
            }
            Item counted = now - windowStart >= WINDOW ? closed(now).plus(failed) : plus(failed);
            return (counted.calls >= 10 && counted.failures >= 0.3 * counted.calls) || counted.row >= 5
                    ? new Item(true, now, 0, 0, 0, 0)
                    : counted;
        }

        private Item plus(boolean failed) {
            return new Item(false, 0, windowStart, calls + 1, failures + (failed ? 1 : 0), failed ? row + 1 : 0);
        }
    }

    LastWriterWins(VirtualTime time) {
        this.time = time;
        this.item = Item.closed(time.millis());
    }

    @Override
    public Optional<Call> admit(int environment) {
        reads++;
        Item read = item;
        return read.open && time.millis() < read.openedAt + WAIT ? Optional.empty() : Optional.of(call(read));
    }

    private Call call(Item read) {
        return new ProbingCall(
                failure -> {
                    writes++;
                    Item next = read.after(failure.isPresent(), time.millis());
                    trips += next.open && !read.open ? 1 : 0;
                    item = next;
                },
                read.open ? Optional.of(new Probe(read.openedAt, 1)) : Optional.empty());
    }

    @Override
    public State state() {
        return !item.open ? State.CLOSED : time.millis() < item.openedAt + WAIT ? State.OPEN : State.HALF_OPEN;
    }

    @Override
    public int trips() {
        return trips;
    }

    @Override
    public StoreCalls storeCalls() {
        return new StoreCalls(reads, writes);
    }

    @Override
    public long openUntilMillis() {
        return item.openedAt + WAIT;
    }
}
