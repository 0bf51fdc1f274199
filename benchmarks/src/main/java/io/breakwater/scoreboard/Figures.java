package io.breakwater.scoreboard;

import java.util.List;

/**
 * What was seen of a fleet. Times are in seconds, infinite for what never happened.
 *
 * @param toOpen from the onset until the fleet's state was first OPEN
 * @param failedBefore failed calls until then
 * @param sentWhileOpen calls that went, not as probes, while the fleet's state was OPEN
 * @param blocked share of the calls wanted after the onset's first minute, and before the recovery, that were refused
 * @param allowed the same, if of these calls only probes within their stages' limits had gone
 * @param probesBeyond probes that went beyond their stage's limit
 * @param wanted all calls wanted since the onset
 * @param failed those that failed
 * @param refusedGood those that were refused and would have succeeded
 * @param toClose from the service's recovery until the fleet's state was first CLOSED
 * @param cooldownLeft what was left of the cooldown at the recovery
 * @param sentPerSlot calls sent in each {@link Run#SLOT} from the start
 */
record Figures(
        double toOpen,
        int failedBefore,
        int sentWhileOpen,
        double blocked,
        double allowed,
        int probesBeyond,
        int trips,
        double readsPerCall,
        double writesPerCall,
        int wanted,
        int failed,
        int refusedGood,
        double toClose,
        double cooldownLeft,
        List<Integer> sentPerSlot) {}
