using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using NeuroDb.Storage;
using NeuroDb.Tests.Simulation;

namespace NeuroDb.Tests.Crash;

/// <summary>
/// A small database with every type, changed in every way, made through the public interface; and
/// the questions whose answers must not change.
/// </summary>
internal static class SampleDatabase
{
    private const int ManyCount = 60;
    private const int WideCount = 4_200;
    private const int WideDimension = 24;

    private const string Tables = """
        CREATE TABLE everything (
            id INTEGER PRIMARY KEY, flag BOOLEAN, big BIGINT NOT NULL DEFAULT 7, single REAL,
            ratio DOUBLE PRECISION, price DECIMAL(10, 2) CHECK (price < 1000), note TEXT UNIQUE,
            bytes BLOB, day DATE, at TIMESTAMP, code UUID, doc JSON, vec VECTOR(4));
        CREATE TABLE many (n BIGINT PRIMARY KEY, word TEXT UNIQUE, v VECTOR(3),
            h HALFVEC(3), i INT8VEC(3), b BITVEC(11));
        CREATE TABLE gone (a BIGINT);
        INSERT INTO gone VALUES (1), (2)
        """;

    private static readonly EncryptionKey Key =
        EncryptionKey.FromBytes([.. Enumerable.Range(1, EncryptionKey.SizeBytes).Select(
            static i => (byte)i)]);

    private static readonly string[] Changes =
    [
        "INSERT INTO everything VALUES (1, TRUE, 10, 0.5, 0.25, 12.34, 'one', X'00FF10', "
            + "'2026-01-02', '2026-01-02 03:04:05.678901', "
            + "'12345678-1234-1234-1234-123456789abc', '{\"a\": [1, 2]}', '[1, 2, 3, 4]')",
        "INSERT INTO everything (id) VALUES (2), (3), (4)",
        "UPDATE everything SET note = 'four', vec = '[0.5, -1, 0, 1]' WHERE id = 4",
        "DELETE FROM everything WHERE id = 2",
        "DROP TABLE gone",
        "CREATE TABLE late (k TEXT PRIMARY KEY, v VECTOR(3) NOT NULL)",
        "BEGIN; INSERT INTO late VALUES ('x', '[1,0,0]'); SAVEPOINT s; "
            + "INSERT INTO late VALUES ('y', '[0,1,0]'); ROLLBACK TO s; COMMIT",
        "INSERT INTO everything (id, flag, price, doc) VALUES (9, FALSE, -0.01, 'null')",
    ];

    private static readonly string[] Questions =
    [
        "SELECT n, word, v FROM many ORDER BY n",
        "SELECT n, CAST(h AS TEXT), CAST(i AS TEXT), CAST(b AS TEXT) FROM many ORDER BY n",
        "SELECT n FROM many ORDER BY h <-> '[20, 1, -20]', n LIMIT 5",
        "SELECT n FROM many ORDER BY i <#> CAST('[20, 1, -20]' AS VECTOR(3)), n LIMIT 5",
        "SELECT n FROM many ORDER BY b <~> (SELECT b FROM many WHERE n = 7), n LIMIT 5",
        "SELECT n FROM many WHERE word = 'word 49'",
        "SELECT count(*) FROM many WHERE n IN (7, 31, 49, 50)",
        "SELECT * FROM everything ORDER BY id",
        "SELECT count(*), sum(big), max(note), min(price) FROM everything",
        "SELECT id FROM everything WHERE vec IS NOT NULL "
            + "ORDER BY similarity(vec, '[1, 2, 3, 3]') LIMIT 2",
        "SELECT k, v FROM late ORDER BY v <-> '[0, 0, 1]', k",
        "SELECT note FROM everything WHERE note = 'four'",
        "SELECT n FROM many ORDER BY v <-> '[20, 1, -20]' LIMIT 5",
    ];

    private static readonly string[] LargeQuestions =
    [
        "SELECT id, amount FROM wide WHERE word = 'word 8100'",
        "SELECT count(*), sum(amount) FROM wide WHERE id BETWEEN 4000 AND 5000",
        "SELECT w.id FROM wide AS w, (SELECT v FROM wide WHERE id = 8100) AS one "
            + "ORDER BY w.v <-> one.v LIMIT 5",
    ];

    /// <summary>Makes the tables.</summary>
    public static void Create(NeuroStore database) => database.Execute(Tables);

    /// <summary>Lets the large table have an index whose files are derived.</summary>
    public static void CreateIndex(NeuroStore database) =>
        database.Execute("CREATE INDEX wide_v ON wide USING vector (v)");

    /// <summary>Changes them, in many commits.</summary>
    public static void Change(NeuroStore database)
    {
        foreach (string sql in Changes)
        {
            database.Execute(sql);
        }

        for (int n = 0; n < ManyCount; n++)
        {
            database.Execute(
                "INSERT INTO many VALUES (?, ?, ?, ?, ?, ?)",
                n,
                $"word {n * n}",
                new float[] { n, 1, -n },
                new[] { (Half)n, (Half)0.5f, (Half)(-n / 3f) },
                new[] { (sbyte)n, (sbyte)1, (sbyte)-n },
                new BitArray([.. Enumerable.Range(0, 11).Select(i => (n * 37 >> i) % 2 == 1)]));
        }

        foreach (string sql in Statements.Maintenance)
        {
            database.Execute(sql);
        }
    }

    /// <summary>Changes them once more: several sectors, several blocks, several files.</summary>
    public static void ChangeAgain(NeuroStore database)
    {
        database.Execute(
            "INSERT INTO everything (id, note) VALUES (10, ?)", new string('n', 5_000));
        database.Execute("UPDATE everything SET big = big + 1 WHERE id > 2");
        database.Execute("INSERT INTO late VALUES ('z', '[0,0,1]')");
        foreach (string sql in Statements.Maintenance)
        {
            database.Execute(sql);
        }

        // So few that they stay in their segment, with a file that says they are dead.
        database.Execute("DELETE FROM many WHERE n BETWEEN 30 AND 33");
        database.Execute("CHECKPOINT");
        database.Execute("DELETE FROM many WHERE n = 50");
        database.Execute("DELETE FROM everything WHERE id = 9");
        database.Execute("UPDATE late SET v = '[1,1,1]' WHERE k = 'x'");
    }

    /// <summary>
    /// Makes it larger than 1 MiB: rows that go into segments before their commit, of which a later
    /// checkpoint takes some over, and others that only the log names.
    /// </summary>
    /// <param name="database">The database.</param>
    /// <param name="first">The first row.</param>
    public static void Grow(NeuroStore database, int first)
    {
        database.Execute(
            "CREATE TABLE IF NOT EXISTS wide (id BIGINT PRIMARY KEY, word TEXT UNIQUE, "
            + $"v VECTOR({WideDimension}), amount DOUBLE PRECISION)");
        var random = new SeededRandomSource((ulong)first);
        byte[] large = [.. Enumerable.Range(0, Limits.LargeValueSizeBytesMin + 500).Select(
            _ => (byte)random.NextUInt64())];
        database.Execute(
            "INSERT INTO everything (id, bytes) VALUES (?, ?)", 1000 + first, large);
        using (Appender appender = database.CreateAppender("wide"))
        {
            for (int id = first; id < first + WideCount; id++)
            {
                var vector = new float[WideDimension];
                for (int i = 0; i < vector.Length; i++)
                {
                    vector[i] = random.Below(1 << 24);
                }

                appender.AppendRow(id, $"word {id}", vector, (double)random.NextUInt64());
            }

            appender.Complete();
        }

        database.Execute("UPDATE wide SET amount = -1 WHERE id % 64 = 3");
    }

    /// <summary>The answers, as one text.</summary>
    /// <param name="database">The database.</param>
    /// <param name="isLarge">Whether it is the large one.</param>
    public static string Answers(NeuroStore database, bool isLarge)
    {
        var text = new StringBuilder();
        using Session session = database.OpenSession();
        foreach (string table in session.GetTableNames())
        {
            text.Append(session.GetTableDefinition(table)).Append('\n');
        }

        if (isLarge)
        {
            text.Append(DigestOfWide(session)).Append('\n');
        }

        foreach (string question in isLarge ? Questions.Concat(LargeQuestions) : Questions)
        {
            using ResultReader reader = session.Query(question);
            while (reader.Read())
            {
                for (int i = 0; i < reader.FieldCount; i++)
                {
                    text.Append(TextOf(reader.GetValue(i))).Append('|');
                }

                text.Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>The machine that the database lives on; its log is small.</summary>
    /// <param name="root">Where the database is.</param>
    /// <param name="isEncrypted">Whether it has a key.</param>
    /// <param name="hasMore">Whether it keeps its past.</param>
    public static MachineShape Shape(string root, bool isEncrypted, bool hasMore) => new(
        root,
        new StorageOptions
        {
            Log = new RecordLogOptions(16 << 10, 32 << 10, 8 << 10),
            Key = isEncrypted ? Key : null,
            BulkStartSizeBytes = 1,
            RetainLog = hasMore ? new LogRetention { SizeBytes = 64 << 10 } : null,
        },
        IsDeferred: false);

    private static ulong DigestOfWide(Session session)
    {
        ulong digest = 0;
        using ResultReader rows = session.Query("SELECT id, word, v, amount FROM wide");
        while (rows.Read())
        {
            ulong row = Hash64.Combine((ulong)rows.GetInt64(0), Hash64.Of(rows.GetString(1)));
            row = Hash64.Combine(row, Hash64.Of(MemoryMarshal.AsBytes(rows.GetVector(2).Span)));
            digest += Hash64.Combine(row, BitConverter.DoubleToUInt64Bits(rows.GetDouble(3)));
        }

        return digest;
    }

    private static string TextOf(object? value) => value switch
    {
        null => "NULL",
        byte[] bytes => Convert.ToHexString(bytes),
        float[] elements => string.Join(' ', elements),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
