/* true.c - start and end: what tools/bench measures the way to */
int main(void)
{
	return 0;
}
