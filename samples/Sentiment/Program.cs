using System.Globalization;
using System.Text;

// Film reviews, and whether they praise or blame: texts become a model by one statement, which is
// judged on a file that no training saw, beside simpler models. Arguments: a folder with
// train.jsonl.gz and test.jsonl.gz (lines with label and text), and --seeds n for a mean of n runs.
int at = Array.IndexOf(args, "--seeds");
int seeds = at >= 0 ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : 1;
bool isGiven = args.Length > 0 && at != 0;
string own = Directory.CreateTempSubdirectory("reviews").FullName;
string folder = isGiven ? args[0] : Write(own);
string ending = isGiven ? ".jsonl.gz" : ".jsonl";
using (var db = NeuroStore.Open(Path.Combine(own, "reviews.neuro")))
{
    foreach ((string table, string file) in new[] { ("reviews", "train"), ("unseen", "test") })
    {
        db.Execute(
            $"CREATE TABLE {table} (id INTEGER, label TEXT NOT NULL, text TEXT NOT NULL)");
        string path = Path.Combine(folder, file + ending).Replace("'", "''");
        db.Execute($"COPY {table} FROM '{path}' WITH (format jsonl)");
    }

    Console.WriteLine(db.QueryScalar<string>(
        "SELECT (SELECT count(*) FROM reviews) || ' reviews to learn from, ' "
        + "|| (SELECT count(*) FROM unseen) || ' to judge by'"));
    double[] Run(string model, string transform) => [.. Enumerable.Range(1, seeds)
        .Select(seed => Train(db, model, transform, seed))];
    Say("baseline: linear, single words by rarity", Run("by_words", "bag_of_words(text)"));
    Say("baseline: linear, words and pairs by rarity", Run("by_rarity", "ngrams(text)"));
    double[] shares = Run("mood", "ngram_ratios(text, 1048576)");
    Say("linear, words and pairs by the ratio of the classes", shares);
    Print(db, "SELECT * FROM ml.classification_report(MODEL mood, TABLE unseen, 'text')");
    Print(db, """
        SELECT 'in doubt: ' || label || ' was read as ' || predict(mood USING *) || ': '
          || left(text, 60)
        FROM unseen ORDER BY abs(predict_proba(mood, 'pos' USING *) - .5) LIMIT 3
        """);
    string said = db.QueryScalar<string>(
        "SELECT predict(mood USING ? AS text)", "A wonderful film, moving and beautiful.") ?? "";
    Console.WriteLine($"'A wonderful film, moving and beautiful.' is {said}");

    // An example that runs in every check: it fails where the outcome is not the expected one.
    Environment.ExitCode = shares.Average() >= 0.87 && said == "pos" ? 0 : 1;
}

Directory.Delete(own, recursive: true);

// Trains on nine tenths of the reviews, stops by the last tenth, and gives the accuracy on the
// unseen ones.
static double Train(NeuroStore db, string model, string transform, int seed)
{
    db.Execute($"""
        CREATE OR REPLACE MODEL {model} TYPE classifier PREDICT label
          TRANSFORM ({transform}) USING logistic SPLIT (train .9, validation .1)
          WITH (learning_rate = .01, seed = {seed}) AS SELECT text, label FROM reviews
        """);
    return db.QueryScalar<double>(
        $"SELECT value FROM ml.evaluate(MODEL {model}, TABLE unseen) WHERE metric = 'accuracy'");
}

static void Say(string name, double[] shares)
{
    double mean = shares.Average();
    double deviation = Math.Sqrt(shares.Sum(it => (it - mean) * (it - mean))
        / Math.Max(1, shares.Length - 1));
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name}: {100 * mean:F2} % right, deviation {100 * deviation:F2} % over "
        + $"{shares.Length} seeds ({string.Join(" ", shares.Select(it => $"{100 * it:F2}"))})"));
}

static void Print(NeuroStore db, string sql)
{
    using ResultReader rows = db.Query(sql);
    while (rows.Read())
    {
        Console.WriteLine(rows.GetString(0));
    }
}

// Reviews of a few words: pairs turn the sense of "good" and "bad", so single words are not enough.
static string Write(string folder)
{
    string[] subjects = ["the plot", "the cast", "the music", "the ending", "the camera"];
    string[] good = ["good", "moving", "wonderful", "fine", "beautiful"];
    string[] bad = ["bad", "boring", "awful", "weak", "ugly"];
    string[] pads = ["on a rainy day", "with friends", "in a small cinema", "twice", "at home"];
    var random = new Random(1);
    foreach ((string file, int count) in new[] { ("train", 1200), ("test", 300) })
    {
        var lines = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            bool isPraise = random.Next(2) == 0;
            var text = new StringBuilder($"seen {pads[random.Next(pads.Length)]}");
            for (int part = 0; part < 4; part++)
            {
                // One part in eight says the opposite.
                bool praises = isPraise != (random.Next(8) == 0);
                bool isTurned = random.Next(3) == 0;
                string word = (praises != isTurned ? good : bad)[random.Next(good.Length)];
                string subject = subjects[random.Next(subjects.Length)];
                text.Append(", " + subject + (isTurned ? " was not " : " was ") + word);
            }

            string label = isPraise ? "pos" : "neg";
            lines.Append(CultureInfo.InvariantCulture,
                $"{{\"id\": {i}, \"label\": \"{label}\", \"text\": \"{text}\"}}\n");
        }

        File.WriteAllText(Path.Combine(folder, file + ".jsonl"), lines.ToString());
    }

    return folder;
}
