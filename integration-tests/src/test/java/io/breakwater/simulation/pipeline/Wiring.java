package io.breakwater.simulation.pipeline;

import io.breakwater.breaker.BreakerSettings;
import io.breakwater.job.JobQueue;
import io.breakwater.job.JobStore;
import io.breakwater.model.ModelClient;
import io.breakwater.pacing.Pacer;
import io.breakwater.result.ResultStore;
import io.breakwater.simulation.VirtualTime;
import io.breakwater.tenant.SlotKeeper;
import io.breakwater.tenant.SlotStore;

/** What stands between the pipeline's parts and its services: nothing as it is shipped, or a planted bug. */
interface Wiring {
    Wiring SHIPPED = new Wiring() {};

    default JobStore jobs(JobStore jobs) {
        return jobs;
    }

    /** As the sweeper sees it. */
    default JobStore sweptJobs(JobStore jobs) {
        return jobs;
    }

    default JobQueue queue(JobQueue queue, VirtualTime time) {
        return queue;
    }

    default ResultStore results(ResultStore results, VirtualTime time) {
        return results;
    }

    default ModelClient models(ModelClient models) {
        return models;
    }

    /** As the request function sees it. */
    default JobStore submittedJobs(JobStore jobs, VirtualTime time) {
        return jobs;
    }

    /** Whether an Idempotency-Key arrives with its request. */
    default boolean keepsKeys() {
        return true;
    }

    default SlotStore slots(SlotStore slots) {
        return slots;
    }

    default SlotKeeper slotKeeper(SlotKeeper keeper) {
        return keeper;
    }

    default Pacer pacer(Pacer pacer) {
        return pacer;
    }

    default BreakerSettings breakerSettings() {
        return BreakerSettings.DEFAULTS;
    }
}
