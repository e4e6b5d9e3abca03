using System.Collections;
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
        EndWithParent();
        using NeuroStore database = WriterOptions.Open(
            path, options, bounds[Ledger.KeyPlace], out long key);
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

        Say(Ledger.KeyPlace, key);

        var threads = new Thread[Ledger.WriterCount];
        for (int writer = 0; writer < threads.Length; writer++)
        {
            int own = writer;
            threads[own] = new Thread(
                () => new Life(database, path, key, seed + (ulong)own).Run(own, lasts[own]));
            threads[own].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        return 4;
    }

    /// <summary>What a thread does.</summary>
    private sealed class Life(NeuroStore database, string path, long key, ulong seed)
    {
        private readonly SeededRandomSource _random = new(seed);
        private long _key = key;

        /// <summary>Runs the transactions of a writer, and other work in between.</summary>
        public void Run(int writer, long last)
        {
            using Session session = database.OpenSession();
            for (long n = last + 1; ; n++)
            {
                if (_random.OneIn(8))
                {
                    using Transaction undone = session.BeginTransaction();
                    Apply(session, writer, n);
                    undone.Rollback();
                }

                if (_random.OneIn(24))
                {
                    session.Execute(_random.Of(Statements.Maintenance));
                }

                if (writer == 0)
                {
                    CopyOrRekey();
                }

                while (!TryCommit(session, writer, n))
                {
                }

                Say(writer, n);
            }
        }

        private void CopyOrRekey()
        {
            if (_random.OneIn(30))
            {
                database.BackUp(path + KillLoop.BackupSuffix);
            }

            if (_key >= 0 && _random.OneIn(30))
            {
                database.Rekey(WriterOptions.KeyOf(_key + 1));
                _key++;
                Say(Ledger.KeyPlace, _key);
            }
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

    // Standard input ends when whoever started this process is gone.
    private static void EndWithParent()
    {
        var watch = new Thread(static () =>
        {
            while (Console.In.Read() >= 0)
            {
                continue;
            }

            Environment.Exit(4);
        })
        {
            IsBackground = true,
        };
        watch.Start();
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
            if (Ledger.RowCountOf(n) == 1)
            {
                session.Execute($"INSERT INTO {table} VALUES (?, '[1,2]')", n);
            }
            else
            {
                Fill(session, table, n);
            }
        }

        if (Ledger.DroppedBy(writer, n) is { } dropped)
        {
            session.Execute($"DROP TABLE {dropped}");
        }

        session.Execute("UPDATE progress SET last = ? WHERE writer = ?", n, writer);
    }

    private static void Fill(Session session, string table, long n)
    {
        using Appender appender = session.CreateAppender(table, "n");
        for (int i = 0; i < Ledger.RowCountOf(n); i++)
        {
            appender.Append(n + i).EndRow();
        }

        appender.Complete();
    }

    private static void Insert(Session session, long id, long amount, bool byAppender)
    {
        string side = Ledger.SideOf(id);
        float[] vector = Ledger.VectorOf(id);
        if (!byAppender)
        {
            session.Execute(
                "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)",
                id,
                side,
                amount,
                vector,
                Array.ConvertAll(vector, static number => (Half)number),
                Ledger.SmallOf(id),
                new BitArray(Ledger.BitsOf(id)));
            return;
        }

        using Appender appender = session.CreateAppender("entries");
        appender.AppendRow(
            id,
            side,
            amount,
            vector,
            Array.ConvertAll(vector, static number => (Half)number),
            Ledger.SmallOf(id),
            new BitArray(Ledger.BitsOf(id)));
        appender.Complete();
    }
}
