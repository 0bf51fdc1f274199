package io.breakwater.overload;

import io.breakwater.scoreboard.VirtualTime;

/** The endpoint: takes calls within its quota, throttles the others, and counts both. */
final class Metered {
    private final VirtualTime time;
    private final QuotaModel.Quota quota;
    private int taken;
    private int throttled;

    Metered(VirtualTime time, QuotaModel.Quota quota) {
        this.time = time;
        this.quota = quota;
    }

    /** Calls it: one of these is done when the call is back. */
    void call(Runnable answered, Runnable refused) {
        if (quota.takes(time.elapsedMillis())) {
            taken++;
            time.after(Situation.CALL_TIME.toMillis(), answered);
        } else {
            throttled++;
            time.after(Situation.THROTTLED_TIME.toMillis(), refused);
        }
    }

    int taken() {
        return taken;
    }

    int throttled() {
        return throttled;
    }

    double mostTaken() {
        return quota.mostUntil(time.elapsedMillis());
    }
}
