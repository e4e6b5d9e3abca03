namespace NeuroDb.Tests.Crash;

/// <summary>
/// What the writer stores: transaction n inserts two rows that must come together, changes row
/// n / 2 and deletes now and then, all of it computed from n, so that the checker knows the whole
/// state after any number of transactions.
/// </summary>
internal static class Ledger
{
    /// <summary>The dimension of the vectors.</summary>
    public const int Dimension = 16;

    /// <summary>The statements that make the tables.</summary>
    public const string Schema =
        "CREATE TABLE IF NOT EXISTS entries "
        + "(id BIGINT PRIMARY KEY, side TEXT NOT NULL, amount BIGINT NOT NULL, vec VECTOR(16));"
        + "CREATE TABLE IF NOT EXISTS progress (name TEXT PRIMARY KEY, last BIGINT NOT NULL)";

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

    /// <summary>
    /// A text whose length changes from row to row, over many sizes of a log frame.
    /// </summary>
    public static string SideOf(long id) => new((char)('a' + (id % 26)), (int)(id * 37 % 3000) + 1);

    /// <summary>Whether transaction n deletes the rows of transaction n / 3.</summary>
    public static bool Deletes(long n) => n % 5 == 0 && n >= 15;

    /// <summary>The rows after transactions 1 ... last, by id with their amounts.</summary>
    public static SortedDictionary<long, long> StateAfter(long last)
    {
        var rows = new SortedDictionary<long, long>();
        for (long n = 1; n <= last; n++)
        {
            rows[2 * n] = n;
            rows[(2 * n) + 1] = -n;
            long changed = 2 * (n / 2);
            if (rows.TryGetValue(changed, out long amount))
            {
                rows[changed] = amount + 1000;
            }

            if (Deletes(n))
            {
                rows.Remove(2 * (n / 3));
                rows.Remove((2 * (n / 3)) + 1);
            }
        }

        return rows;
    }
}
