package io.breakwater.function.sweeper;

import io.breakwater.function.Rehearsals;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class SweeperRehearsalTest {

    @Test
    void aRehearsalReadsOnceAndNeitherWritesNorCallsAModelNorCounts() throws IOException {
        Rehearsals.assertReadsOnceAndNeitherWritesNorCallsAModelNorCounts(SweeperFunction::rehearse);
    }
}
