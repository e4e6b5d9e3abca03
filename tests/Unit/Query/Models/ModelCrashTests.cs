using NeuroDb.Neural;
using NeuroDb.Query;
using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// After a crash a version of a model is there with all its weights, or not at all.
/// </summary>
public sealed class ModelCrashTests
{
    // 128 x 128 floats are as many bytes as go into a file of their own.
    private const string Create =
        "CREATE MODEL m TYPE regressor PREDICT y USING mlp(128, 128) WITH (epochs = 1) "
        + "SPLIT (train .8, test .2) AS SELECT x, y FROM t";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_crash_leaves_a_whole_version_or_none(bool isPowerLoss)
    {
        var disk = new MemoryFileSystem();
        int first;
        int created;
        string hash;
        using (QueryEngine engine = QueryEngine.Open(Seams(disk), "/db", new QueryEngineOptions()))
        {
            using QuerySession session = engine.OpenSession();
            Run(session, "CREATE TABLE t AS SELECT i % 7 AS x, i % 7 * 2 AS y FROM "
                + "generate_series(1, 100) g (i)");
            first = disk.OperationCount;
            Run(session, Create);
            created = disk.OperationCount;
            hash = HashOf(engine, 1);
            Run(session, "RETRAIN MODEL m KEEP WITH (seed = 2); DROP MODEL m VERSION 2");
        }

        Assert.True(created > first);
        int whole = 0;
        for (int operation = first; operation <= disk.OperationCount; operation++)
        {
            MemoryFileSystem left = isPowerLoss
                ? disk.AfterPowerLoss(operation, (ulong)operation)
                : disk.AfterKill(operation);
            using QueryEngine engine =
                QueryEngine.Open(Seams(left), "/db", new QueryEngineOptions());
            int versions = VersionsOf(engine);
            Assert.True(versions > 0 || operation <= created);
            whole += versions > 0 ? 1 : 0;
            for (int version = 1; version <= versions; version++)
            {
                string found = HashOf(engine, version);
                Assert.True(version > 1 || found == hash);
            }

            Assert.Empty(engine.Storage.Verify(isQuick: false, default));
        }

        Assert.InRange(whole, 1, disk.OperationCount - first);
    }

    private static int VersionsOf(QueryEngine engine)
    {
        using StorageTransaction transaction = engine.Storage.Begin();
        return transaction.Catalog.TryGetObject(
            CatalogObjectKind.Model, "m", out CatalogObject model)
            ? ModelDefinitionJson.Of(model).Versions.Count
            : 0;
    }

    // The hash of the weights as they were read, which must be the one that was noted.
    private static string HashOf(QueryEngine engine, int number)
    {
        using StorageTransaction transaction = engine.Storage.Begin();
        transaction.Catalog.TryGetObject(CatalogObjectKind.Model, "m", out CatalogObject model);
        ModelVersionInfo info = ModelDefinitionJson.Of(model).Versions[number - 1];
        var version = new ModelVersion("m", info, ModelReader.Read(info.Identity, transaction));
        var network = (NetworkModel)version.Model;
        string hash = network.Network.HashOf(network.Weights.ToArray());
        Assert.Equal(version.Facts.WeightHash, hash);
        return hash;
    }

    private static void Run(QuerySession session, string sql)
    {
        foreach (PreparedStatement statement in session.Prepare(sql))
        {
            using StatementResult result = session.Execute(statement, []);
            result.Drain();
        }
    }
}
