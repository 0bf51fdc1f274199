package io.breakwater.infra;

import java.util.List;

/** How callers of the API show who they are. There is no third way, and none to leave it open. */
sealed interface Access {
    /** Requests are signed; IAM decides who may call which route, and a job's tenant is the caller's user or role. */
    record Iam() implements Access {}

    /**
     * Requests carry a token of an OpenID Connect issuer; a job's tenant is the token's subject.
     *
     * @param issuer whose tokens are taken
     * @param audiences of which a token must name one
     * @param operatorScope what a token must be good for to see and override endpoints
     */
    record Jwt(String issuer, List<String> audiences, String operatorScope) implements Access {
        public Jwt {
            audiences = List.copyOf(audiences);
        }
    }
}
