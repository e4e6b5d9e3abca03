using System.Diagnostics;
using NeuroDb.Tests.Simulation;

namespace NeuroDb.Tests.Crash;

/// <summary>
/// The child process: checks what it finds, then runs transaction after transaction on several
/// threads and says the number of each on standard output once its commit returned, until it is
/// killed.
/// </summary>
internal static class Writer
{
    private static readonly Lock Output = new();

    /// <summary>Goes on after the last transactions that the database holds.</summary>
    /// <param name="path">The database.</param>
    /// <param name="seed">Of the rollbacks.</param>
    /// <param name="options">Of the database.</param>
    /// <param name="bounds">What each writer may be found at.</param>
    /// <returns>The exit code; it does not return while all goes well.</returns>
    public static int Run(
        string path, ulong seed, NeuroStoreOptions options, LedgerCheck.Bounds[] bounds)
    {
        using NeuroStore database = NeuroStore.Open(path, options);
        string? fault = LedgerCheck.Run(database, bounds, out long[] lasts);
        if (fault is not null)
        {
            Console.Error.WriteLine(fault);
            return 3;
        }

        using (Session session = database.OpenSession())
        {
            if (session.GetTableNames().Count == 0)
            {
                session.Execute(Ledger.Schema);
            }
        }

        for (int writer = 0; writer < lasts.Length; writer++)
        {
            Say(writer, lasts[writer]);
        }

        var threads = new Thread[Ledger.WriterCount];
        for (int writer = 0; writer < threads.Length; writer++)
        {
            int own = writer;
            threads[own] = new Thread(
                () => RunTransactions(database, own, lasts[own], seed + (ulong)own));
            threads[own].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        return 4;
    }

    private static void RunTransactions(NeuroStore database, int writer, long last, ulong seed)
    {
        var random = new SeededRandomSource(seed);
        using Session session = database.OpenSession();
        for (long n = last + 1; ; n++)
        {
            if (random.NextUInt64() % 8 == 0)
            {
                using Transaction undone = session.BeginTransaction();
                Apply(session, writer, n);
                undone.Rollback();
            }

            if (Statements.Maintenance.Count > 0 && random.NextUInt64() % 24 == 0)
            {
                session.Execute(random.Of(Statements.Maintenance));
            }

            while (!TryCommit(session, writer, n))
            {
            }

            Say(writer, n);
        }
    }

    /// <summary>Two writers that make tables at the same time are a conflict.</summary>
    private static bool TryCommit(Session session, int writer, long n)
    {
        using Transaction transaction = session.BeginTransaction();
        Apply(session, writer, n);
        try
        {
            transaction.Commit();
            return true;
        }
        catch (ConflictException) when (Ledger.MakesTable(n))
        {
            return false;
        }
    }

    private static void Say(int writer, long n)
    {
        lock (Output)
        {
            Console.Out.Write($"{writer} {n} {Stopwatch.GetTimestamp()} .\n");
            Console.Out.Flush();
        }
    }

    private static void Apply(Session session, int writer, long n)
    {
        for (int side = 0; side < 2; side++)
        {
            long id = Ledger.IdOf(writer, n, side);
            Insert(session, id, side == 0 ? n : -n, byAppender: n % 4 == 3);
        }

        session.Execute(
            "UPDATE entries SET amount = amount + 1000 WHERE id = ?",
            Ledger.IdOf(writer, n / 2, 0));
        if (Ledger.Deletes(n))
        {
            session.Execute(
                "DELETE FROM entries WHERE id = ? OR id = ?",
                Ledger.IdOf(writer, n / 3, 0),
                Ledger.IdOf(writer, n / 3, 1));
        }

        if (Ledger.MakesTable(n))
        {
            string table = Ledger.TableOf(writer, n);
            string type = n % 4 == 0 ? "TEXT" : "VECTOR(2)";
            session.Execute($"CREATE TABLE {table} (n BIGINT PRIMARY KEY, free {type})");
            session.Execute($"INSERT INTO {table} VALUES (?, '[1,2]')", n);
        }

        if (Ledger.DroppedBy(writer, n) is { } dropped)
        {
            session.Execute($"DROP TABLE {dropped}");
        }

        session.Execute("UPDATE progress SET last = ? WHERE writer = ?", n, writer);
    }

    private static void Insert(Session session, long id, long amount, bool byAppender)
    {
        string side = Ledger.SideOf(id);
        float[] vector = Ledger.VectorOf(id);
        if (!byAppender)
        {
            session.Execute("INSERT INTO entries VALUES (?, ?, ?, ?)", id, side, amount, vector);
            return;
        }

        using Appender appender = session.CreateAppender("entries");
        appender.Append(id).Append(side).Append(amount).Append(vector);
        appender.EndRow();
        appender.Complete();
    }
}
