package io.breakwater.infra;

import software.amazon.awscdk.RemovalPolicy;

/** What becomes of jobs, results and breakers when the stack is destroyed. */
enum Lifetime {
    /** They stay: tables, bucket and queues must be deleted by hand. */
    KEPT(RemovalPolicy.RETAIN),

    /** They go with the stack, and what they hold: for trials. */
    EPHEMERAL(RemovalPolicy.DESTROY);

    private final RemovalPolicy removal;

    Lifetime(RemovalPolicy removal) {
        this.removal = removal;
    }

    RemovalPolicy removal() {
        return removal;
    }
}
