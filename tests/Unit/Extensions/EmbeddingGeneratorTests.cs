using System.Data.Common;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NeuroDb.Extensions;

namespace NeuroDb.Tests.Unit;

/// <summary>Encoders of both sides through the interfaces of Microsoft.Extensions.AI.</summary>
public sealed class EmbeddingGeneratorTests
{
    private static readonly string[] Texts = ["wind and rain", "!!", "the sea", "wind and rain"];

    [Fact]
    public async Task A_model_is_a_generator_that_keeps_its_version()
    {
        using NeuroStore store = Trained(new NeuroStoreOptions());
        using var generator = store.AsEmbeddingGenerator("enc");
        store.Execute("RETRAIN MODEL enc WITH (seed = 5); ALTER MODEL enc SET LIVE VERSION 2");

        GeneratedEmbeddings<Embedding<float>> made = await generator.GenerateAsync(Texts);

        Assert.Equal(4, made.Count);
        Assert.All(made, embedding => Assert.Equal("enc@1", embedding.ModelId));
        Assert.Equal(
            store.QueryScalar<float[]>("SELECT embed(enc@1, 'the sea')"),
            made[2].Vector.ToArray());
        Assert.Equal(new float[4], made[1].Vector.ToArray());
        Assert.Equal(made[0].Vector.ToArray(), made[3].Vector.ToArray());
        var metadata = (EmbeddingGeneratorMetadata?)generator.GetService(
            typeof(EmbeddingGeneratorMetadata));
        Assert.Equal(4, metadata!.DefaultModelDimensions);
        Assert.Empty(await generator.GenerateAsync([]));
        await Assert.ThrowsAsync<NotSupportedException>(() => generator.GenerateAsync(
            Texts, new EmbeddingGenerationOptions { Dimensions = 7 }));
    }

    [Fact]
    public void What_is_no_encoder_is_refused_at_once()
    {
        using NeuroStore store = Trained(new NeuroStoreOptions());
        Assert.Throws<NeuroStoreException>(() => store.AsEmbeddingGenerator("enk"));
        Assert.Throws<NeuroStoreException>(() => store.AsEmbeddingGenerator("enc", 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => store.AsEmbeddingGenerator("enc", 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => store.AsEmbeddingGenerator("enc", -1));
    }

    [Fact]
    public async Task What_a_generator_cannot_give_is_refused()
    {
        using NeuroStore store = Trained(new NeuroStoreOptions());
        using var own = store.AsEmbeddingGenerator("enc");
        using var hashing = TextEncoder.Fit(Texts, 32).AsEmbeddingGenerator();
        foreach (var generator in (IEmbeddingGenerator<string, Embedding<float>>[])[own, hashing])
        {
            await Assert.ThrowsAsync<ArgumentException>(
                () => generator.GenerateAsync(["wind", null!]));
            await Assert.ThrowsAsync<NotSupportedException>(() => generator.GenerateAsync(
                Texts, new EmbeddingGenerationOptions { Dimensions = 7 }));
        }

        await Assert.ThrowsAsync<NotSupportedException>(() => own.GenerateAsync(
            Texts, new EmbeddingGenerationOptions { ModelId = "other" }));
        foreach (string name in (string[])["enc", "enc@1"])
        {
            Assert.Equal(4, (await own.GenerateAsync(
                Texts, new EmbeddingGenerationOptions { ModelId = name })).Count);
        }
    }

    [Fact]
    public void A_generator_of_others_makes_columns_and_answers_embed()
    {
        using var foreign = new LengthGenerator();
        using NeuroStore store = NeuroStore.OpenInMemory(With(foreign));
        store.Execute("CREATE TABLE t (id BIGINT PRIMARY KEY, body TEXT, "
            + "v VECTOR(2) GENERATED ALWAYS AS (embed('length', body)) STORED)");
        store.Execute("INSERT INTO t (id, body) SELECT i, repeat('a', i % 10) "
            + "FROM generate_series(1, 100) g (i)");
        store.Execute("INSERT INTO t (id, body) VALUES (101, NULL)");

        Assert.Equal(1, foreign.CallCount);
        Assert.Equal(10, foreign.TextCount);
        Assert.Equal(100, store.QueryScalar<long>("SELECT count(v) FROM t"));
        Assert.Equal(3, store.QueryScalar<long>(
            "SELECT id FROM t ORDER BY v <-> embed('length', 'bbb'), id LIMIT 1"));
        Assert.Equal(1.0, store.QueryScalar<double>(
            "SELECT score FROM semantic_search(TABLE t, 'bbb', 1)"), 5);
        Assert.Equal(1.0, store.QueryScalar<double>(
            "SELECT score FROM semantic_search(TABLE t, 'bbb', 1, model => 'length')"), 5);
    }

    [Fact]
    public void An_error_of_a_generator_is_an_error_of_the_statement_that_stores_nothing()
    {
        using var foreign = new LengthGenerator { Failure = new IOException("no network") };
        using NeuroStore store = NeuroStore.OpenInMemory(With(foreign));
        store.Execute("CREATE TABLE t (id BIGINT PRIMARY KEY, body TEXT, "
            + "v VECTOR(2) GENERATED ALWAYS AS (embed('length', body)) STORED)");

        var error = Assert.Throws<NeuroStoreException>(
            () => store.Execute("INSERT INTO t (id, body) VALUES (1, 'a')"));

        Assert.Equal(ErrorCode.EncoderFailed, error.Code);
        Assert.Contains("no network", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, store.QueryScalar<long>("SELECT count(*) FROM t"));
        error = Assert.Throws<NeuroStoreException>(
            () => store.QueryScalar<string>("SELECT embed('other', 'a')::TEXT"));
        Assert.Equal(ErrorCode.UnknownObject, error.Code);
    }

    [Fact]
    public void A_text_that_a_generator_cannot_take_keeps_no_other_from_its_vector()
    {
        using var foreign = new LengthGenerator { Refused = "bad" };
        using NeuroStore store = NeuroStore.OpenInMemory(With(foreign));
        store.Execute("CREATE TABLE t (id BIGINT PRIMARY KEY, body TEXT, "
            + "v VECTOR(2) GENERATED ALWAYS AS (embed('length', body)) STORED ASYNC)");
        store.Execute("INSERT INTO t (id, body) SELECT i, CASE i WHEN 77 THEN 'bad' "
            + "ELSE 'good ' || i END FROM generate_series(1, 700) g (i)");

        SpinWait.SpinUntil(
            () => store.QueryScalar<long>("SELECT pending_rows FROM neuro.embedding_lag") <= 1);

        Assert.Equal(77, store.QueryScalar<long>("SELECT id FROM t WHERE v IS NULL"));
        Assert.Contains(
            "not this text",
            store.QueryScalar<string>("SELECT last_error FROM neuro.embedding_lag"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_gives_the_database_its_connections_and_its_encoders()
    {
        var services = new ServiceCollection();
        services.AddSingleton<LengthGenerator>();
        services.AddNeuroStore(null, provider => With(
            provider.GetRequiredService<LengthGenerator>()));
        services.AddNeuroEmbeddingGenerator("enc");
        using ServiceProvider provider = services.BuildServiceProvider();
        Train(provider.GetRequiredService<NeuroStore>());

        using DbConnection connection =
            provider.GetRequiredService<DbDataSource>().OpenConnection();
        using DbCommand command = connection.CreateCommand();
        command.CommandText = "SELECT norm(embed('length', 'aaaa'))";

        Assert.Equal(Math.Sqrt(17), Convert.ToDouble(
            command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture), 5);
        Assert.Same(
            provider.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>(),
            provider.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(
                "enc"));
    }

    [Fact]
    public async Task The_built_in_encoder_is_a_generator()
    {
        TextEncoder encoder = TextEncoder.Fit(Texts, 32);
        using var generator = encoder.AsEmbeddingGenerator();

        GeneratedEmbeddings<Embedding<float>> made = await generator.GenerateAsync(Texts);

        Assert.Equal(encoder.Encode("the sea"), made[2].Vector.ToArray());
        Assert.Same(encoder, generator.GetService(typeof(TextEncoder)));
    }

    private static NeuroStoreOptions With(LengthGenerator generator) => new()
    {
        Encoders = new Dictionary<string, TextVectorizer>
        {
            ["length"] = generator.ToVectorizer(),
        },
    };

    private static NeuroStore Trained(NeuroStoreOptions options)
    {
        NeuroStore store = NeuroStore.OpenInMemory(options);
        Train(store);
        return store;
    }

    private static void Train(NeuroStore store)
    {
        store.Execute("CREATE TABLE corpus AS SELECT 'wind and rain from the sea ' || (i % 5) "
            + "AS body FROM generate_series(1, 40) g (i)");
        store.Execute("CREATE MODEL enc TYPE embedder USING lsa(4, min_count = 1) AS "
            + "SELECT body FROM corpus");
    }
}
