package io.breakwater.pacing;

import io.breakwater.model.Endpoint;

/** Hears of the paces that its worker cut. Called without locks, by whichever thread reported. */
public interface PaceListener {
    PaceListener NONE = (_, _, _) -> {};

    /** The fleet called too fast, and goes on at this pace. */
    void onCut(Endpoint endpoint, Measure measure, Pace pace);
}
