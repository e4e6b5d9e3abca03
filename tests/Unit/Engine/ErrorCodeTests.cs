using System.Buffers.Binary;
using NeuroDb.Gpu;
using NeuroDb.Neural;
using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>Raises every error code, and keeps docs/errors.md complete.</summary>
public sealed class ErrorCodeTests
{
    private const string Tables =
        "CREATE TABLE t (id BIGINT PRIMARY KEY, n INTEGER NOT NULL, s TEXT, v VECTOR(3), "
        + "CHECK (n < 100)); CREATE TABLE u (id BIGINT PRIMARY KEY, s TEXT);"
        + "INSERT INTO t VALUES (1, 1, 'a', NULL); INSERT INTO u VALUES (1, 'x'), (2, 'y')";

    private static readonly Dictionary<ErrorCode, Action> Raisers = new()
    {
        [ErrorCode.SyntaxError] = Sql("SELEC 1"),
        [ErrorCode.StatementTooLong] = Sql(
            $"SELECT '{new string('x', Limits.StatementLengthMax)}'"),
        [ErrorCode.NestingTooDeep] = Sql(
            $"SELECT {new string('(', 1000)}1{new string(')', 1000)}"),
        [ErrorCode.UnknownTable] = Sql("SELECT * FROM nothing"),
        [ErrorCode.UnknownColumn] = Sql("SELECT nothing FROM t"),
        [ErrorCode.UnknownFunction] = Sql("SELECT nothing(1)"),
        [ErrorCode.UnknownType] = Sql("CREATE TABLE w (a NOTHING)"),
        [ErrorCode.AmbiguousColumn] = Sql("SELECT id FROM t, u"),
        [ErrorCode.DuplicateName] = Sql("CREATE TABLE w (a INTEGER, a TEXT)"),
        [ErrorCode.TypeMismatch] = Sql("SELECT v + 1 FROM t"),
        [ErrorCode.WrongArgumentCount] = Sql("SELECT abs(1, 2, 3)"),
        [ErrorCode.ParameterMismatch] = Sql("SELECT ?"),
        [ErrorCode.UnknownWindow] = Sql("SELECT rank() OVER w"),
        [ErrorCode.WrongColumnCount] = Sql("INSERT INTO t VALUES (1)"),
        [ErrorCode.TableExists] = Sql("CREATE TABLE t (a INTEGER)"),
        [ErrorCode.MisplacedExpression] = Sql("SELECT id FROM t WHERE count(*) > 1"),
        [ErrorCode.InvalidSetting] = Sql("SET nothing = 1"),
        [ErrorCode.NotSupported] = Sql("CREATE INDEX i ON t USING nothing (s)"),
        [ErrorCode.DependentObjects] = Sql(
            "CREATE VIEW vd AS SELECT id FROM t; DROP TABLE t RESTRICT"),
        [ErrorCode.UnknownObject] = Sql("DROP VIEW nothing"),
        [ErrorCode.ObjectExists] = Sql("CREATE SEQUENCE sq; CREATE SEQUENCE sq"),
        [ErrorCode.GeneratedColumn] = Sql(
            "CREATE TABLE gc (a INTEGER, b INTEGER AS (a)); INSERT INTO gc (b) VALUES (1)"),
        [ErrorCode.ForeignKeyViolation] = Sql(
            "CREATE TABLE fk (a INTEGER REFERENCES t (id)); INSERT INTO fk VALUES (99)"),
        [ErrorCode.RaisedByTrigger] = Sql(
            "CREATE TABLE tr (a INTEGER); CREATE TRIGGER no BEFORE INSERT ON tr BEGIN SELECT "
            + "RAISE(ABORT, 'no'); END; INSERT INTO tr VALUES (1)"),
        [ErrorCode.UnknownIndex] = Sql("DROP INDEX nothing"),
        [ErrorCode.IndexExists] = Sql("CREATE INDEX i ON t (n); CREATE INDEX i ON t (s)"),
        [ErrorCode.NumericOutOfRange] = Sql("INSERT INTO t (id, n) VALUES (5, 9999999999)"),
        [ErrorCode.InvalidText] = Sql("SELECT CAST('x' AS INTEGER)"),
        [ErrorCode.InvalidConversion] = AppendText,
        [ErrorCode.MalformedFile] = CopyBrokenFile,
        [ErrorCode.MoreThanOneRow] = Sql("SELECT (SELECT id FROM u)"),
        [ErrorCode.DimensionMismatch] = Sql("INSERT INTO t VALUES (6, 1, 'a', '[1,2]')"),
        [ErrorCode.NonFiniteVector] = () => Query("SELECT ?", new float[] { 1, float.NaN }),
        [ErrorCode.MixedVersions] = Sql(
            "CREATE TABLE mv AS SELECT 'a b' AS s FROM generate_series(1, 30) g (i);"
            + "CREATE MODEL m TYPE embedder USING lsa(2, min_count = 1) AS SELECT s FROM mv;"
            + "RETRAIN MODEL m KEEP;"
            + "ALTER TABLE mv ADD COLUMN v VECTOR(2) AS (embed(m@1, s)) STORED;"
            + "SELECT v <-> embed(m@2, 'a') FROM mv"),
        [ErrorCode.NotNullViolation] = Sql("INSERT INTO t (id, n) VALUES (7, NULL)"),
        [ErrorCode.UniqueViolation] = Sql("INSERT INTO t (id, n) VALUES (1, 2)"),
        [ErrorCode.CheckViolation] = Sql("INSERT INTO t (id, n) VALUES (8, 100)"),
        [ErrorCode.WriteConflict] = Conflict,
        [ErrorCode.NoTransaction] = Sql("COMMIT"),
        [ErrorCode.TransactionActive] = Sql("BEGIN; BEGIN"),
        [ErrorCode.UnknownSavepoint] = Sql("BEGIN; ROLLBACK TO nothing"),
        [ErrorCode.PathIsFile] = () => OpenOver("file", "db"),
        [ErrorCode.DatabaseLocked] = OpenTwice,
        [ErrorCode.NotADatabase] = () => OpenOver("db/notes.txt", "db"),
        [ErrorCode.NewerFormat] = () => OpenChanged(99),
        [ErrorCode.OlderFormat] = () => OpenChanged(1),
        [ErrorCode.BackupRefused] = BackUpOverAnother,
        [ErrorCode.ReadOnly] = WriteReadOnly,
        [ErrorCode.RestoreImpossible] = RestoreTheFuture,
        [ErrorCode.FileOutsideRoots] = CopyFromElsewhere,
        [ErrorCode.Corruption] = () => OpenChanged(null),
        [ErrorCode.InputOutput] = () => FailWrites(1),
        [ErrorCode.DatabaseStopped] = () => FailWrites(2),
        [ErrorCode.Closed] = UseAfterClose,
        [ErrorCode.KeyRequired] = () => OpenSlot(EncryptionFixture.Key(), null),
        [ErrorCode.WrongKey] =
            () => OpenSlot(EncryptionFixture.Key(), EncryptionFixture.Key(0x43)),
        [ErrorCode.NotEncrypted] = () => OpenSlot(null, EncryptionFixture.Key()),
        [ErrorCode.ResourceLimit] = () => Query("SELECT ?", new float[70_000]),
        [ErrorCode.MemoryLimit] = KeepTooMuch,
        [ErrorCode.Cancelled] = Cancel,
        [ErrorCode.AcceleratorMissing] = ChooseMissingDevice,
        [ErrorCode.InvalidModel] = () => NetworkBuilder.Build(TensorShape.Flat(1), "nothing"),
        [ErrorCode.UntrainableData] = TrainOnNothing,
        [ErrorCode.TrainingDiverged] = TrainTooFast,
        [ErrorCode.MalformedImage] = () => ImageDecoder.Decode([1, 2, 3]),
        [ErrorCode.EncoderFailed] = AskBrokenEncoder,
        [ErrorCode.MalformedModel] = () => ModelFile.Read(new byte[10]),
        [ErrorCode.MalformedAudio] = () => AudioDecoder.Decode([1, 2, 3]),
        [ErrorCode.InvariantBroken] = () => Invariant.Check(Raisers is null),
    };

    /// <summary>All codes but None.</summary>
    public static TheoryData<ErrorCode> Codes =>
        [.. Enum.GetValues<ErrorCode>().Where(code => code != ErrorCode.None)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_error_code_can_be_raised(ErrorCode code)
    {
        Assert.True(Raisers.TryGetValue(code, out Action? raise), $"nothing raises {code}");
        NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(raise!);
        Assert.Equal(code, error.Code);
        Assert.Equal(5, error.SqlState.Length);
        Assert.NotEmpty(error.Message);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void The_documentation_has_a_row_for_every_error_code(ErrorCode code)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root(), "docs", "errors.md"));
        Assert.Contains(
            $"| NS-{(int)code:D4} | {code} | {SqlState.Of(code)} | ",
            text,
            StringComparison.Ordinal);
    }

    private static Action Sql(string sql) => () => Query(sql);

    private static void Query(string sql, params object?[] parameters)
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute(Tables);
        using Session session = database.OpenSession();
        using ResultReader reader = session.Query(sql, parameters);
        while (reader.Read())
        {
            _ = reader.GetValue(0);
        }
    }

    private static void AskBrokenEncoder()
    {
        using NeuroStore database = NeuroStore.OpenInMemory(new NeuroStoreOptions
        {
            Encoders = new Dictionary<string, TextVectorizer>
            {
                ["broken"] = static (_, _) => throw new InvalidOperationException("no"),
            },
        });
        database.Query("SELECT embed('broken', 'a')").Read();
    }

    private static void TrainOnNothing() => Train(new TrainingOptions(), 0);

    private static void TrainTooFast() => Train(
        new TrainingOptions
        {
            Loss = LossKind.MeanSquared,
            Optimizer = OptimizerKind.Sgd,
            LearningRate = 100,
            Epochs = 1000,
        },
        10);

    private static void Train(TrainingOptions options, int count) => new Trainer(
        NetworkBuilder.Build(TensorShape.Flat(1), "dense(1)"),
        options,
        new SystemWorkers(1),
        TimeProvider.System).Run(
            new ArrayExamples(
                Enumerable.Repeat(9f, count).ToArray(), new float[count], count, null),
            null);

    private static void CopyBrokenFile()
    {
        string folder = Directory.CreateTempSubdirectory("neurostore").FullName;
        try
        {
            string path = Path.Combine(folder, "broken.csv");
            File.WriteAllText(path, "1,\"open\n");
            Query($"COPY u FROM '{path}'");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void BackUpOverAnother()
    {
        var disk = new MemoryFileSystem();
        var options = new NeuroStoreOptions { Seams = StorageFixture.Seams(disk) };
        NeuroStore.Open("/backup-other", options).Dispose();
        using NeuroStore database = NeuroStore.Open("/backup-source", options);
        database.BackUp("/backup-other");
    }

    private static void WriteReadOnly()
    {
        var disk = new MemoryFileSystem();
        var options = new NeuroStoreOptions { Seams = StorageFixture.Seams(disk) };
        NeuroStore.Open("/read-only-error", options).Dispose();
        using NeuroStore database = NeuroStore.Open(
            "/read-only-error", options with { IsReadOnly = true });
        database.Execute("CREATE TABLE t (a INTEGER)");
    }

    private static void RestoreTheFuture()
    {
        var disk = new MemoryFileSystem();
        var options = new NeuroStoreOptions
        {
            Seams = StorageFixture.Seams(disk),
            RetainLog = new LogRetention { SizeBytes = 1 << 20 },
        };
        using NeuroStore database = NeuroStore.Open("/restore-error", options);
        NeuroStore.Restore(
            "/restore-error", "/restored", 99, new RestoreOptions { Seams = options.Seams });
    }

    private static void CopyFromElsewhere()
    {
        using NeuroStore database = NeuroStore.OpenInMemory(new() { FileRoots = [] });
        database.Execute("CREATE TABLE t (s TEXT); COPY t FROM '/etc/hostname'");
    }

    private static void AppendText()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute(Tables);
        using Appender appender = database.CreateAppender("t", "id");
        appender.Append("text");
    }

    private static void Conflict()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute(Tables);
        using Session one = database.OpenSession();
        using Session two = database.OpenSession();
        using Transaction first = one.BeginTransaction();
        using Transaction second = two.BeginTransaction();
        one.Execute("UPDATE t SET n = 2 WHERE id = 1");
        two.Execute("UPDATE t SET n = 3 WHERE id = 1");
        first.Commit();
        second.Commit();
    }

    private static NeuroStore Open(MemoryFileSystem files) => NeuroStore.Open(
        Path.GetFullPath("/memory/db"),
        new NeuroStoreOptions { Seams = SystemSeams.Real() with { Files = files } });

    private static void OpenOver(string file, string database)
    {
        string folder = Directory.CreateTempSubdirectory("neurostore").FullName;
        try
        {
            string path = Path.Combine(folder, file == "file" ? database : file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "not a database");
            NeuroStore.Open(Path.Combine(folder, database)).Dispose();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void OpenSlot(EncryptionKey? first, EncryptionKey? second) => KeyRing.Open(
        first is null ? new byte[KeySlot.SizeBytes] : EncryptionFixture.Slot(first),
        second,
        EncryptionFixture.DatabaseId,
        new SeededRandomSource(1),
        EncryptionFixture.Path);

    private static void OpenTwice()
    {
        var files = new MemoryFileSystem();
        using NeuroStore first = Open(files);
        using NeuroStore second = Open(files);
    }

    /// <summary>Opens with a super block of another version, or with a damaged one.</summary>
    private static void OpenChanged(byte? version)
    {
        string folder = Directory.CreateTempSubdirectory("neurostore").FullName;
        try
        {
            NeuroStore.Open(folder).Dispose();
            string path = Path.Combine(folder, "SUPER");
            byte[] bytes = File.ReadAllBytes(path);
            for (int start = 0; start < bytes.Length; start += SuperBlock.SlotSizeBytes)
            {
                Span<byte> slot = bytes.AsSpan(start, SuperBlock.SlotSizeBytes);
                slot[8] = version ?? 99;
                if (version is not null)
                {
                    uint crc = Crc32C.Compute(slot[..^4]);
                    BinaryPrimitives.WriteUInt32LittleEndian(slot[^4..], crc);
                }
            }

            File.WriteAllBytes(path, bytes);
            NeuroStore.Open(folder).Dispose();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Makes all writes fail; the first commit meets it, the second the stop.</summary>
    private static void FailWrites(int commits)
    {
        var files = new MemoryFileSystem();
        NeuroStore database = Open(files);
        try
        {
            database.Execute("CREATE TABLE t (id BIGINT PRIMARY KEY)");
            files.FailFrom = files.OperationCount;
            if (commits == 2)
            {
                Assert.ThrowsAny<NeuroStoreException>(
                    () => database.Execute("INSERT INTO t VALUES (1)"));
            }

            database.Execute("INSERT INTO t VALUES (2)");
        }
        finally
        {
            files.FailFrom = int.MaxValue;
            database.Dispose();
        }
    }

    private static void UseAfterClose()
    {
        NeuroStore database = NeuroStore.OpenInMemory();
        Session session = database.OpenSession();
        database.Dispose();
        session.Execute("SELECT 1");
    }

    private static void KeepTooMuch()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        session.Execute("SET kept_memory = 65536");
        session.Execute("SELECT i FROM generate_series(1, 50000) AS g(i) ORDER BY -i");
    }

    private static void Cancel()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute(Tables);
        using Session session = database.OpenSession();
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        using var result = session.RunScript("SELECT * FROM u", default, out _, cancelled.Token);
        while (result.Next() is not null)
        {
        }
    }

    private static void ChooseMissingDevice()
    {
        var pool = new AcceleratorPool(new InlineWorkers());
        pool.Dispose();
        pool.Resolve(AcceleratorChoice.Cuda);
    }
}
