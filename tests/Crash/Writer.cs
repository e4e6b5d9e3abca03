namespace NeuroDb.Tests.Crash;

/// <summary>
/// The child process: runs transaction after transaction and says the number of each on standard
/// output once it is durable, until it is killed.
/// </summary>
internal static class Writer
{
    /// <summary>Goes on after the last transaction that the database holds.</summary>
    public static void Run(string path, ulong seed)
    {
        using NeuroStore database = NeuroStore.Open(path);
        database.Execute(Ledger.Schema);
        using Session session = database.OpenSession();
        long last = session.QueryScalar<long>("SELECT coalesce(max(last), 0) FROM progress");
        if (last == 0)
        {
            session.Execute("INSERT INTO progress VALUES ('writer', 0)");
        }

        var random = new SeededRandomSource(seed);
        for (long n = last + 1; ; n++)
        {
            RunTransaction(session, n, isRolledBackFirst: random.NextUInt64() % 8 == 0);
            Console.Out.Write($"{n}\n");
            Console.Out.Flush();
        }
    }

    private static void RunTransaction(Session session, long n, bool isRolledBackFirst)
    {
        if (isRolledBackFirst)
        {
            using Transaction undone = session.BeginTransaction();
            Apply(session, n);
            undone.Rollback();
        }

        using Transaction transaction = session.BeginTransaction();
        Apply(session, n);
        transaction.Commit();
    }

    private static void Apply(Session session, long n)
    {
        const string Insert = "INSERT INTO entries VALUES (?, ?, ?, ?)";
        foreach (long id in (long[])[2 * n, (2 * n) + 1])
        {
            session.Execute(
                Insert, id, Ledger.SideOf(id), id % 2 == 0 ? n : -n, Ledger.VectorOf(id));
        }

        session.Execute("UPDATE entries SET amount = amount + 1000 WHERE id = ?", 2 * (n / 2));
        if (Ledger.Deletes(n))
        {
            session.Execute(
                "DELETE FROM entries WHERE id = ? OR id = ?", 2 * (n / 3), (2 * (n / 3)) + 1);
        }

        session.Execute("UPDATE progress SET last = ?", n);
    }
}
