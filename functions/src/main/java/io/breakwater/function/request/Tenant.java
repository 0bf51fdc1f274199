package io.breakwater.function.request;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext.Authorizer;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Derives the owner of jobs from the principal that API Gateway's authorizer vouches for.
 *
 * <p>IAM: the caller's ARN, an assumed role's without its session name, which changes with every deployment or login.
 * JWT: issuer and subject, which only together are unique.
 */
final class Tenant {
    private static final Pattern ASSUMED_ROLE = Pattern.compile("(arn:[^:]+:sts::\\d+:assumed-role/.+)/[^/]+");

    private Tenant() {}

    static Optional<String> of(APIGatewayV2HTTPEvent event) {
        Authorizer authorizer = event.getRequestContext().getAuthorizer();
        if (authorizer == null) {
            return Optional.empty();
        }
        if (authorizer.getIam() != null) {
            return present(authorizer.getIam().getUserArn()).map(Tenant::withoutSession);
        }
        if (authorizer.getJwt() != null && authorizer.getJwt().getClaims() != null) {
            Map<String, String> claims = authorizer.getJwt().getClaims();
            return present(claims.get("sub"))
                    .map(subject -> present(claims.get("iss"))
                            .map(issuer -> issuer + "#" + subject)
                            .orElse(subject));
        }
        return Optional.empty();
    }

    private static String withoutSession(String arn) {
        Matcher role = ASSUMED_ROLE.matcher(arn);
        return role.matches() ? role.group(1) : arn;
    }

    private static Optional<String> present(@Nullable String value) {
        return Optional.ofNullable(value).filter(text -> !text.isBlank());
    }
}
