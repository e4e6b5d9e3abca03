// A thousand students. Their scores follow from the hours they study, and not from their names and
// ages: a model of names and ages should say that it knows nothing, one of the hours that it does.
using var db = NeuroStore.OpenInMemory();
db.Execute("CREATE TABLE students (name TEXT, age INT, hours DOUBLE, score DOUBLE)");
string[] names = ["Ada", "Ben", "Chen", "Dana", "Emil", "Fatima", "Goran", "Hana"];
var random = new Random(1);
using (Appender appender = db.CreateAppender("students"))
{
    for (int i = 0; i < 1000; i++)
    {
        double hours = 20 * random.NextDouble();
        double score = Math.Clamp(30 + (3 * hours) + (5 * random.NextDouble()), 0, 100);
        appender.AppendRow(names[random.Next(names.Length)], random.Next(15, 20), hours, score);
    }

    appender.Complete();
}

db.Execute(
    """
    CREATE MODEL by_name TYPE regressor PREDICT score
      TRANSFORM (standard_scale(age) AS age, hash_buckets(name, 32) AS name)
      USING mlp(64, 64) SPLIT (train .8, validation .1, test .1)
      WITH (optimizer = 'adam', loss = 'mse', epochs = 10, batch_size = 10, seed = 1)
      AS SELECT name, age, score FROM students;
    CREATE MODEL by_hours TYPE regressor PREDICT score USING mlp(16)
      SPLIT (train .8, validation .1, test .1) WITH (epochs = 40, batch_size = 10, seed = 1)
      AS SELECT age, hours, score FROM students
    """);

// What was measured on rows that no training saw, beside always saying the mean.
using (ResultReader rows = db.Query(
    "SELECT model, metric, metric_value, baseline_value, verdict FROM neuro.model_versions "
    + "ORDER BY model DESC"))
{
    while (rows.Read())
    {
        Console.WriteLine(
            $"{rows.GetString(0),-9} {rows.GetString(1)} {rows.GetDouble(2):F3}, baseline "
            + $"{rows.GetDouble(3):F3}: {rows.GetString(4)}");
    }
}

db.Execute(
    "CREATE TABLE test_students (name TEXT, age INT, hours DOUBLE);"
    + "INSERT INTO test_students VALUES ('Ida', 16, 2), ('Jan', 17, 10), ('Kim', 18, NULL)");
using ResultReader predicted = db.Query(
    "SELECT s.*, predict(by_hours USING *) AS predicted, "
    + "predict_interval(by_hours, 0.9 USING *) ->> 'low' AS low FROM test_students s");
while (predicted.Read())
{
    Console.WriteLine(predicted.IsNull(3)
        ? $"{predicted.GetString(0)}: unknown, the hours are missing"
        : $"{predicted.GetString(0)}: {predicted.GetDouble(3):F1}");
}

// An example that runs in every check: it fails where the outcome is not the honest one.
bool isHonest = db.QueryScalar<bool>(
    "SELECT count_if(metric_value > 0.8) = 1 AND count_if(metric_value < 0.2) = 1 "
    + "FROM neuro.model_versions");
return isHonest ? 0 : 1;
