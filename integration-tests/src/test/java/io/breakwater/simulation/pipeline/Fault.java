package io.breakwater.simulation.pipeline;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** What can befall a request. */
enum Fault {
    NONE("", 1),
    DEATH_BEFORE("died before ", 4),
    DEATH_AFTER("died after ", 4),
    /** It never arrives. */
    LOST("lost: ", 3),
    /** It has its effect, and nobody hears of it. */
    ANSWER_LOST("answer lost: ", 4),
    /** It has its effect when nobody waits for it any more. */
    LATE("late: ", 2),
    /** Its answer takes minutes. */
    STALLED("stalled: ", 2);

    /** All that are none, as often as they are to happen. */
    static final List<Fault> DRAWN = Arrays.stream(values())
            .filter(fault -> fault != NONE)
            .flatMap(fault -> Collections.nCopies(fault.weight, fault).stream())
            .toList();

    private final String story;
    private final int weight;

    Fault(String story, int weight) {
        this.story = story;
        this.weight = weight;
    }

    /** As it is counted. */
    String at(String request) {
        return story + request;
    }
}
