// Model data as rows that a program keeps by itself: the statements are those of SQLite.
using var db = NeuroStore.OpenInMemory();
byte[] weights = new byte[100_000];
new Random(1).NextBytes(weights);
db.Execute("CREATE TABLE model_data (id INTEGER PRIMARY KEY, name TEXT, data BLOB)");
db.Execute("INSERT INTO model_data (name, data) VALUES (?, ?)", "resnet", weights);
using (ResultReader rows = db.Query("SELECT * FROM model_data WHERE name = ?", "resnet"))
{
    rows.Read();
    Console.WriteLine(
        $"{rows.GetInt64(0)} {rows.GetString(1)}: {rows.GetBlob(2).Length} bytes of weights");
}

weights[0] ^= 1;
db.Execute("UPDATE model_data SET data = ? WHERE name = ?", weights, "resnet");
db.Execute("DELETE FROM model_data WHERE name = ?", "resnet");

// Models that the database trains are rows of catalogs, with versions, metrics and sizes.
db.Execute(
    """
    CREATE TABLE points (x DOUBLE, y DOUBLE, is_inside BOOLEAN);
    INSERT INTO points SELECT a, b, a * a + b * b < 0.6
      FROM (SELECT sin(v) AS a, sin(v * 1.7) AS b FROM generate_series(1, 2000) AS g(v));
    CREATE MODEL circle TYPE classifier PREDICT is_inside USING mlp(16) WITH (epochs = 1, seed = 1)
      AS SELECT x, y, is_inside FROM points;
    RETRAIN MODEL circle WITH (epochs = 30, learning_rate = 0.01);
    """);
using (ResultReader versions = db.Query(
    "SELECT model, version, metric_value, bytes FROM neuro.model_versions "
    + "ORDER BY metric_value DESC"))
{
    while (versions.Read())
    {
        Console.WriteLine(
            $"{versions.GetString(0)}@{versions.GetInt64(1)}: {versions.GetDouble(2):P1} right, "
            + $"{versions.GetInt64(3)} bytes");
    }
}

// A better version goes live by itself; an older one can be called for, and given up.
long live = db.QueryScalar<long>("SELECT live_version FROM neuro.models WHERE name = 'circle'");
bool isInside = db.QueryScalar<bool>("SELECT predict(circle USING 0.1 AS x, 0.2 AS y)");
double before = db.QueryScalar<double>(
    "SELECT predict_proba(circle@1, 'true' USING 0.1 AS x, 0.2 AS y)");
Console.WriteLine(
    $"version {live} is live: (0.1, 0.2) is {(isInside ? "inside" : "outside")}; version 1 gave "
    + $"that {before:P0}");
db.Execute("DROP MODEL circle VERSIONS BEFORE 2");
long left = db.QueryScalar<long>("SELECT count(*) FROM neuro.model_versions");
return live == 2 && isInside && left == 1 ? 0 : 1;
