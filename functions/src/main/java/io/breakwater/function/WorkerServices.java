package io.breakwater.function;

import io.breakwater.admission.BacklogReporter;
import io.breakwater.config.Configuration;
import io.breakwater.job.Job;
import io.breakwater.model.BedrockClients;
import io.breakwater.model.BedrockModelClient;
import io.breakwater.model.PricedModelClient;
import io.breakwater.pacing.FleetPacer;
import io.breakwater.pacing.Pacer;
import io.breakwater.routing.Router;
import io.breakwater.tenant.DynamoDbSlotStore;
import io.breakwater.tenant.FleetSlotKeeper;
import io.breakwater.tenant.SlotKeeper;
import io.breakwater.worker.JobWorker;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;

/** What only the worker needs: the models, and what holds their callers back. */
public final class WorkerServices {
    /** More than a batch of jobs uses at once. */
    private static final int AWS_CONNECTIONS = 64;

    private final Services services;
    private final FleetServices fleet;
    private final FleetPacer pacer;
    private final SlotKeeper slots;
    private final SdkHttpClient bedrockHttp;

    private WorkerServices(Services services, FleetServices fleet, SdkHttpClient bedrockHttp) {
        this.services = services;
        this.fleet = fleet;
        this.bedrockHttp = services.opened(bedrockHttp);
        pacer = new FleetPacer(
                fleet.paces(),
                fleet.breaker(),
                fleet.configuration().quotas(),
                services.clock(),
                services.random(),
                fleet.metrics()::on);
        slots = fleet.configuration()
                .inFlightLimit()
                .<SlotKeeper>map(limit -> new FleetSlotKeeper(
                        limit,
                        new DynamoDbSlotStore(
                                fleet.endpointsTable(), services.settings().endpointsTable()),
                        services.clock(),
                        services.random(),
                        new TenantMetrics(services.lines())::on))
                .orElse(SlotKeeper.NONE);
    }

    /** Pooled connections, at ease on virtual threads. */
    public static WorkerServices connected(Settings settings) {
        return over(
                settings,
                Apache5HttpClient.builder().maxConnections(AWS_CONNECTIONS).build(),
                BedrockClients.httpClient(Apache5HttpClient.builder()));
    }

    /** For a {@link Rehearsal}. */
    public static WorkerServices rehearsing(Settings settings) {
        RehearsalHttp http = new RehearsalHttp();
        return over(settings.rehearsing(), http, http);
    }

    private static WorkerServices over(Settings settings, SdkHttpClient http, SdkHttpClient bedrockHttp) {
        Services services = new Services(settings, http);
        return new WorkerServices(services, new FleetServices(services), bedrockHttp);
    }

    /**
     * A worker.
     *
     * @param claimed hears of each job that it claims
     */
    public JobWorker worker(Consumer<Job> claimed) {
        Settings settings = services.settings();
        Configuration configuration = fleet.configuration();
        BedrockModelClient models = services.opened(new BedrockModelClient(
                new BedrockClients(bedrockHttp, settings.bedrockEndpoint(), settings.bedrockUnsigned()),
                services.clock()));
        Router router = new Router(
                configuration.chain(),
                configuration.calls(),
                fleet.breaker(),
                configuration.pacesCalls() ? pacer : Pacer.NONE,
                new PricedModelClient(models, configuration.prices()),
                services.clock(),
                services.random());
        return new JobWorker(
                services.jobs(),
                services.queue(),
                services.results(),
                router,
                slots,
                services.clock(),
                services.random(),
                Thread::sleep,
                services::newId,
                claimed);
    }

    /** Tells how long jobs wait, where that has a limit. */
    public Optional<BacklogReporter> backlogReporter() {
        return fleet.configuration()
                .backlogLimit()
                .map(limit -> new BacklogReporter(limit, fleet.backlog(), services.clock()));
    }

    public FleetServices fleet() {
        return fleet;
    }

    public JobMetrics jobMetrics() {
        return new JobMetrics(services.lines());
    }

    public Services services() {
        return services;
    }

    public FleetPacer pacer() {
        return pacer;
    }
}
