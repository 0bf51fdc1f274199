package io.breakwater.scoreboard;

import io.breakwater.model.FailureKind;
import java.util.Optional;
import java.util.function.Consumer;

/** A call that may be a probe. */
record ProbingCall(Consumer<Optional<FailureKind>> ended, Optional<Fleet.Probe> probe) implements Fleet.Call {
    @Override
    public void end(Optional<FailureKind> failure) {
        ended.accept(failure);
    }
}
