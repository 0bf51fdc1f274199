package io.breakwater.scoreboard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PeerFiguresTest {
    @Test
    void thePeersDoWhatWasPublishedOfThem() {
        try (Lanes lanes = new Lanes()) {
            PeerFigures peers = new PeerFigures(lanes);

            assertThat(peers.reproductions())
                    .hasSize(6)
                    .allSatisfy(one -> assertThat(one.error()).as(one.figure()).isLessThanOrEqualTo(0.1));
            assertThat(peers.blockedByLastWriterWins()).isLessThan(0.1);
        }
    }
}
