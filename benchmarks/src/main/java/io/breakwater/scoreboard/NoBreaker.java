package io.breakwater.scoreboard;

import java.util.Optional;

/** Every call goes. */
final class NoBreaker implements Fleet {
    @Override
    public Optional<Call> admit(int environment) {
        return Optional.of(_ -> {});
    }

    @Override
    public State state() {
        return State.CLOSED;
    }

    @Override
    public int trips() {
        return 0;
    }

    @Override
    public StoreCalls storeCalls() {
        return StoreCalls.NONE;
    }

    @Override
    public long openUntilMillis() {
        throw new IllegalStateException("never open");
    }
}
