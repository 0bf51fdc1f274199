package io.breakwater.function;

import io.breakwater.admission.AdmissionControl;
import io.breakwater.admission.BacklogStore;
import io.breakwater.admission.BacklogWatch;
import io.breakwater.admission.ChainOutlook;
import io.breakwater.admission.DynamoDbBacklogStore;
import io.breakwater.breaker.BreakerListener.Notice;
import io.breakwater.breaker.BreakerStore;
import io.breakwater.breaker.DynamoDbBreakerStore;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.RedisBreakerStore;
import io.breakwater.config.Configuration;
import io.breakwater.config.ConfigurationReader;
import io.breakwater.health.DynamoDbRegionStore;
import io.breakwater.health.RegionRegistry;
import io.breakwater.health.RegionRule;
import io.breakwater.model.Endpoint;
import io.breakwater.pacing.DynamoDbPaceStore;
import io.breakwater.pacing.PaceInForce;
import io.breakwater.pacing.PaceStore;
import io.breakwater.pacing.PaceWatch;
import io.breakwater.routing.EndpointDirectory;
import io.breakwater.routing.FleetEndpointDirectory;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What the functions share that look at the fleet's breakers: the request function and the worker. */
public final class FleetServices {
    private static final Logger LOG = LoggerFactory.getLogger(FleetServices.class);

    private final Services services;
    private final Configuration configuration;
    private final DynamoDbClient endpointsTable;
    private final BreakerStore breakerStore;
    private final BreakerMetrics metrics;
    private final FleetBreaker breaker;
    private final RegionRegistry regions;
    private final PaceStore paces;
    private final BacklogStore backlog;

    /**
     * Wires the part that reads the configuration.
     *
     * @param services what this opens is closed with them
     */
    public FleetServices(Services services) {
        this.services = services;
        Settings settings = services.settings();
        configuration = new ConfigurationReader().read(settings.config().orElse(ConfigurationReader.DEFAULT_PRESET));
        endpointsTable = services.opened(services.aws().endpoints());
        breakerStore = settings.redis()
                .<BreakerStore>map(address -> services.opened(RedisBreakerStore.connect(address)))
                .orElseGet(() -> new DynamoDbBreakerStore(endpointsTable, settings.endpointsTable()));
        metrics = new BreakerMetrics(services.lines());
        breaker = new FleetBreaker(
                configuration.breaker(), breakerStore, services.clock(), services.random(), this::hear);
        regions = new RegionRegistry(
                configuration.chain().endpoints(),
                new RegionRule(configuration.dailyQuotaScope()),
                breakerStore,
                new DynamoDbRegionStore(endpointsTable, settings.endpointsTable()),
                services.clock(),
                breaker::loseRegion,
                metrics::on);
        paces = new DynamoDbPaceStore(endpointsTable, settings.endpointsTable());
        backlog = new DynamoDbBacklogStore(endpointsTable, settings.endpointsTable());
    }

    private void hear(Notice notice) {
        metrics.on(notice);
        regions.on(notice);
    }

    /** One read over the wire, of a breaker that may not be there. */
    public void readOne() {
        BreakerStore.Answer answer = breakerStore.read(
                configuration.chain().endpoints().iterator().next().id());
        LOG.debug("{}", answer);
    }

    public AdmissionControl admission() {
        return new AdmissionControl(
                new ChainOutlook(configuration.chain(), breaker),
                configuration.backlogLimit().map(limit -> new BacklogWatch(limit, backlog, services.clock())),
                services.clock());
    }

    public EndpointDirectory endpoints() {
        return new FleetEndpointDirectory(
                configuration.chain(), breaker, breakerStore, regions, paceOf(), services.clock());
    }

    private Function<Endpoint, Optional<PaceInForce>> paceOf() {
        return configuration.pacesCalls()
                ? new PaceWatch(paces, breaker, configuration.quotas(), services.clock())::look
                : _ -> Optional.empty();
    }

    public Configuration configuration() {
        return configuration;
    }

    public FleetBreaker breaker() {
        return breaker;
    }

    DynamoDbClient endpointsTable() {
        return endpointsTable;
    }

    BreakerMetrics metrics() {
        return metrics;
    }

    PaceStore paces() {
        return paces;
    }

    BacklogStore backlog() {
        return backlog;
    }
}
