namespace NeuroDb.Tests.Crash;

/// <summary>
/// What the writers store: each of them runs numbered transactions on rows of its own. Transaction
/// n inserts two rows that must come together, changes row n / 2, deletes now and then, and makes
/// and drops tables, all of it computed from n, so that the checker knows the whole state after
/// any number of transactions of each writer.
/// </summary>
internal static class Ledger
{
    /// <summary>The writers, each a thread with a session.</summary>
    public const int WriterCount = 3;

    /// <summary>The place behind the writers where the number of the key is kept.</summary>
    public const int KeyPlace = WriterCount;

    /// <summary>The dimension of the vectors.</summary>
    public const int Dimension = 16;

    /// <summary>Every such transaction makes a table, and drops the one before.</summary>
    private const int ScratchPeriod = 6;

    /// <summary>The script that makes the tables, in one transaction.</summary>
    public const string Schema =
        "BEGIN;"
        + "CREATE TABLE entries (id BIGINT PRIMARY KEY, side TEXT NOT NULL, "
        + "amount BIGINT NOT NULL, vec VECTOR(16), half HALFVEC(16), "
        + "small INT8VEC(16), bits BITVEC(16));"
        + "CREATE TABLE progress (writer BIGINT PRIMARY KEY, last BIGINT NOT NULL);"
        + "INSERT INTO progress VALUES (0, 0), (1, 0), (2, 0);"
        + "COMMIT";

    /// <summary>The row that transaction n of a writer inserts, first 0 and then 1.</summary>
    public static long IdOf(int writer, long n, int side) =>
        (((2 * n) + side) * WriterCount) + writer;

    /// <summary>The vector of a row.</summary>
    public static float[] VectorOf(long id)
    {
        var vector = new float[Dimension];
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] = (id * 31 + i * 7) % 1000;
        }

        return vector;
    }

    /// <summary>The vector of a row in signed bytes.</summary>
    public static sbyte[] SmallOf(long id) =>
        Array.ConvertAll(VectorOf(id), static number => (sbyte)((number % 256) - 128));

    /// <summary>The vector of a row in bits, the lowest bit of a byte first.</summary>
    public static byte[] BitsOf(long id)
    {
        float[] vector = VectorOf(id);
        var bits = new byte[Dimension / 8];
        for (int i = 0; i < Dimension; i++)
        {
            bits[i / 8] |= (byte)((vector[i] % 2 == 1 ? 1 : 0) << (i % 8));
        }

        return bits;
    }

    /// <summary>
    /// A text whose length changes from row to row, over many sizes of a log frame; a rare one
    /// makes its transaction so large that it is written in parts.
    /// </summary>
    public static string SideOf(long id)
    {
        int length = (int)(id * 37 % 3000) + 1;
        return new string((char)('a' + (id % 26)), id % 500 == 499 ? 2_500_000 + length : length);
    }

    /// <summary>Whether transaction n deletes the rows of transaction n / 3.</summary>
    public static bool Deletes(long n) => n % 5 == 0 && n >= 15;

    /// <summary>Whether transaction n makes a table.</summary>
    public static bool MakesTable(long n) => n % ScratchPeriod == 0;

    /// <summary>
    /// The rows of the table that transaction n makes: n, n + 1 and so on; of some tables so many
    /// that they may go into a segment before the commit.
    /// </summary>
    public static int RowCountOf(long n) => n % (4 * ScratchPeriod) == 0 ? 5_000 : 1;

    /// <summary>The sum of these rows.</summary>
    public static long SumOf(long n)
    {
        long count = RowCountOf(n);
        return (n * count) + (count * (count - 1) / 2);
    }

    /// <summary>The table that transaction n makes.</summary>
    public static string TableOf(int writer, long n) => $"scratch_{writer}_{n}";

    /// <summary>The table that transaction n drops, or null.</summary>
    public static string? DroppedBy(int writer, long n) => MakesTable(n) && n > ScratchPeriod
        ? TableOf(writer, n - ScratchPeriod)
        : null;

    /// <summary>The transaction whose table stands after transaction n; 0 if none does.</summary>
    public static long NewestTable(long n) => n - (n % ScratchPeriod);

    /// <summary>Adds the rows of a writer after its transactions 1 ... last.</summary>
    public static void AddState(int writer, long last, SortedDictionary<long, long> rows)
    {
        for (long n = 1; n <= last; n++)
        {
            rows[IdOf(writer, n, 0)] = n;
            rows[IdOf(writer, n, 1)] = -n;
            long changed = IdOf(writer, n / 2, 0);
            if (rows.TryGetValue(changed, out long amount))
            {
                rows[changed] = amount + 1000;
            }

            if (Deletes(n))
            {
                rows.Remove(IdOf(writer, n / 3, 0));
                rows.Remove(IdOf(writer, n / 3, 1));
            }
        }
    }
}
