using var db = NeuroStore.Open("shop.neuro");
db.Execute(
    "CREATE TABLE IF NOT EXISTS items (id BIGINT PRIMARY KEY, title TEXT NOT NULL, vec VECTOR(3))");
db.Execute("INSERT INTO items (title, vec) VALUES (?, ?)", "red shoe", new float[] { 1, 0, 0 });
db.Execute("INSERT INTO items (title, vec) VALUES (?, ?)", "blue hat", new float[] { 0, 1, 0 });
float[] wanted = [0.9f, 0.1f, 0];
using ResultReader rows = db.Query(
    "SELECT title, similarity(vec, $1) FROM items ORDER BY similarity(vec, $1) LIMIT 10", wanted);
while (rows.Read())
{
    Console.WriteLine($"{rows.GetString(0)}  {rows.GetDouble(1):F3}");
}
