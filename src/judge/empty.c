typedef int dt__judge_empty;
