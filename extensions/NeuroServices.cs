using System.Data.Common;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace NeuroDb.Extensions;

/// <summary>Registers databases and their encoders in dependency injection.</summary>
public static class NeuroServices
{
    /// <summary>
    /// Registers a database, opened when it is first asked for and closed with the container:
    /// <see cref="NeuroStore"/>, <see cref="NeuroDb.Data.NeuroDataSource"/> and
    /// <see cref="DbDataSource"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="path">The directory; null for a database in memory.</param>
    /// <param name="options">How to open; the services are there to be asked for encoders.</param>
    public static IServiceCollection AddNeuroStore(
        this IServiceCollection services,
        string? path,
        Func<IServiceProvider, NeuroStoreOptions>? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(provider =>
        {
            NeuroStoreOptions chosen = options?.Invoke(provider) ?? new NeuroStoreOptions();
            return path is null
                ? NeuroStore.OpenInMemory(chosen)
                : NeuroStore.Open(path, chosen);
        });
        services.TryAddSingleton(
            static provider => provider.GetRequiredService<NeuroStore>().DataSource);
        services.TryAddSingleton<DbDataSource>(
            static provider => provider.GetRequiredService<NeuroStore>().DataSource);
        return services;
    }

    /// <summary>
    /// Registers a model of the database as an embedding generator, with its name as the key and
    /// without one.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="model">The name of the model.</param>
    /// <param name="version">The number of its version; by default the live one.</param>
    public static IServiceCollection AddNeuroEmbeddingGenerator(
        this IServiceCollection services, string model, int? version = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        services.AddKeyedSingleton(
            model,
            (provider, _) => provider.GetRequiredService<NeuroStore>()
                .AsEmbeddingGenerator(model, version));
        services.TryAddSingleton(provider => provider
            .GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(model));
        return services;
    }
}
